"""Cover results, and mark what was answered."""
