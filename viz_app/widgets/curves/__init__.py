"""Draw curves over the iterations."""
