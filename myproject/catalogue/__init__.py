"""The catalogue of the patterns: read from the tests, to search, to look at and to copy."""
