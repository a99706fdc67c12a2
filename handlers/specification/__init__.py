"""The specification of a process, written out of the definition that runs."""
