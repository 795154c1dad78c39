"""Data files that are shipped with the program; they are found through importlib.resources."""
