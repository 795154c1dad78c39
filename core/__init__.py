"""Compute and explain one training iteration, one operation at a time. NumPy only."""
