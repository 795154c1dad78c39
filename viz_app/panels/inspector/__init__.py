"""The inspector: one cell, its terms, and what its value is kept for."""
