"""The outer layer: composition root, command line, configuration, platforms, scheduler."""

__version__ = "0.1.0"  # the same as in pyproject.toml
