"""Sessions in the window: saved and opened, named in the title, remembered, and recovered after a crash."""

from viz_app.window.sessions.recent import RecentMenu
from viz_app.window.sessions.recovery import Recovery
from viz_app.window.sessions.sessions import Sessions
from viz_app.window.sessions.title import Title

__all__ = ["RecentMenu", "Recovery", "Sessions", "Title"]
