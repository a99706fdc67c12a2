"""Where people meet the product: one folder for each chat platform."""
