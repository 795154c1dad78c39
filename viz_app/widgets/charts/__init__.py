"""Draw numbers as bars, tables and histograms."""
