"""The browser of samples."""

from viz_app.panels.browser.panel import BrowserPanel

__all__ = ["BrowserPanel"]
