"""Present: the stage alone, full screen, on a chosen screen, while the main window stays the presenter's view."""
