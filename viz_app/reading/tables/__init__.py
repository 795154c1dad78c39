"""Read tables of text: their columns, and the numbers or the words in them."""
