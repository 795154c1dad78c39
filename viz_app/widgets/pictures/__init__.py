"""Show pictures in widgets, and prepare what is shown next."""
