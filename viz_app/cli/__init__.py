"""Read the command line, and do what it asks for."""
