"""The outside world: composition root, command line, configuration, platforms, scheduler."""
