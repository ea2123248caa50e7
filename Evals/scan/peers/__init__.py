"""Drivers of the other scanners: each runs with the Python that has the scanner and answers a path a line with JSON a line."""
