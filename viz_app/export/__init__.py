"""Write pictures into files, painted by the same code as on the screen; ``formats`` has one class for each format."""
