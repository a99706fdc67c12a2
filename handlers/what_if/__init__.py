"""What-if: last quarter replayed through a draft, from the stored cases to a section for people."""
