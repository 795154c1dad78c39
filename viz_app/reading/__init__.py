"""Read files that people bring: images and data, of any kind and from anywhere. No Qt."""
