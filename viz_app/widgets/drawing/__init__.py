"""Draw by hand."""
