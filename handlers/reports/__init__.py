"""Reports about a process: its figures, charts and tables, as a document."""
