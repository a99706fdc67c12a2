"""A year of the sample company, played through the use cases of the product on a virtual clock."""
