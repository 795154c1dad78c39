"""One kernel on one image: its settings, and its numbers."""
