"""What panels are told besides the frame: layers, data, guests, judgements, what is watched or written."""
