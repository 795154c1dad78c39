"""The parts of the export dialog: which places, how they look, and the preview."""
