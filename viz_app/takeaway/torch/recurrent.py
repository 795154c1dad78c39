"""Write recurrent layers as PyTorch modules, which have the weights of all gates in one tensor, and two biases."""
