"""Bring an input of one's own: each way to do so is a page, in one table."""

from viz_app.panels.own_input.page import InputPage
from viz_app.panels.own_input.panel import OwnInputPanel

__all__ = ["InputPage", "OwnInputPanel"]
