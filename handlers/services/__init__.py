"""The works that the product does itself at service nodes, each in a file of its own."""
