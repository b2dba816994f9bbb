"""The source backend: a model as one readable file of plain PyTorch."""

from symc.backends.source.model import save_py, source

__all__ = ["save_py", "source"]
