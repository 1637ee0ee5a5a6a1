"""Scores of a classifier: what is right, how sure that is, how far it can be believed."""
