"""Read data sets that open by name: where they are, how they come here, and what they become."""
