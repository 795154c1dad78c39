"""Arrange a frame into a frozen picture: elements with rectangles. No Qt."""
