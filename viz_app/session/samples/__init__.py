"""Bring samples: data, guests, other answers for single ones, texts to continue."""
