"""What differs between two versions of a process, in words and as diagrams."""
