"""The engine: `decide`, `evolve`, `react`. Pure functions; see the package docstring."""
