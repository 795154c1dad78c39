"""Lines, paragraphs and code."""
