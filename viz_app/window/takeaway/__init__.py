"""Take numbers and code out of the window: copied, or saved as files."""
