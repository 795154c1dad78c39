"""Tests of what leaves NetStep as numbers or code."""
