"""The tabs of the training dock: curves, layers, confusion, options, what is watched."""
