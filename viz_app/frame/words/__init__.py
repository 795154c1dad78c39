"""Say what a moment shows: captions, names, numbers as people read them, code, and text to copy."""
