"""Paint pictures with Qt, on the screen and into files."""
