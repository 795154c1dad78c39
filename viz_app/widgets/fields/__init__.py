"""Fields and forms: what a person types and chooses."""
