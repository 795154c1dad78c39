"""The playground: the plane, and what it is made of."""
