"""Read arrays: files of NumPy and IDX files, and say which axis is what."""
