"""Reviews of processes: each quarter or half-year figures and proposals, and what is decided."""
