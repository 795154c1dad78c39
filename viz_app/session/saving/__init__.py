"""Save the whole session, open a saved one, and know what would be lost."""

from viz_app.session.saving.same import Same
from viz_app.session.saving.saving import Saving
from viz_app.session.saving.snapshot import snapshot, take_up
from viz_app.session.saving.work import Work

__all__ = ["Same", "Saving", "Work", "snapshot", "take_up"]
