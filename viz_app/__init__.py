"""Show what the core computes: the window, the stages and the exports."""
