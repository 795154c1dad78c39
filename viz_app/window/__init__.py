"""Build the window, wire it, and remember how it looked."""
