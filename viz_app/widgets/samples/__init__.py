"""Show samples, alone and side by side."""
