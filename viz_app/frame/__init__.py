"""Resolve a place in a run into a frozen frame: what is shown. No Qt."""
