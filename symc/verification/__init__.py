"""Measuring the equivariance of compiled modules, and gathering the certificates of their bases."""

from symc.verification.measure import verify, with_given_noise
from symc.verification.report import Layer, Measurement, Report

__all__ = ["Layer", "Measurement", "Report", "verify", "with_given_noise"]
