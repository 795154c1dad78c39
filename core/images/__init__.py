"""Prepare images for a network, one visible stage after the other. NumPy only."""
