"""What is said of a pilot: its forecast, the state while it runs, and its report."""
