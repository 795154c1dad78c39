"""The steps of an iteration as a bar."""
