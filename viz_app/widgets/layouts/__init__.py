"""Stand widgets beside and below each other."""
