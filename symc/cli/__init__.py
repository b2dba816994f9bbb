"""The command line: `symc check|show|solve|compile|verify|fmt`. Exit status 0: well; 1: a diagnostic was reported; 2: wrong usage."""

from symc.cli.main import main

__all__ = ["main"]
