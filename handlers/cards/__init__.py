"""Makes the cards of cases and tasks, which every platform renders in its own way."""
