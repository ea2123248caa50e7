"""Generators of the labelled corpus; each module has functions that take a `Corpus` and add cases to it."""
