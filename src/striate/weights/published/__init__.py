"""What is published where, as tables: a line a file of weights, and the names of its classes."""
