"""Training from weights that were learned on other pictures: the last layer first, then more."""
