"""Edit the network: its layers in a list, with their shapes between, and the reasons where they do not fit."""

from viz_app.panels.editor.desk import Proposal
from viz_app.panels.editor.panel import EditorPanel

__all__ = ["EditorPanel", "Proposal"]
