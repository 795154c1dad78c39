"""Read images: one file or a folder of classes, from the disk or the web."""
