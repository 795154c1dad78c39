"""Paint pictures, on the screen and into files."""
