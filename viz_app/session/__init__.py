"""Hold the one mutable state: what is open, the place in it, and what plays it."""
