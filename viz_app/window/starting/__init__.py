"""Start Qt, open the window, and end cleanly."""
