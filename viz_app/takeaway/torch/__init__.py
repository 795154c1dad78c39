"""Write a network as PyTorch code. PyTorch is not needed for that."""
