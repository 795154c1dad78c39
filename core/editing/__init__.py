"""Edit a network: drafts of a sequence of layers, what fits in them, and what keeps its weights."""

from core.editing.adapting import Adaptation, adaptation, laid_out, options_for, own_data_refusal
from core.editing.draft import MOST_PARTS, Draft, EditError, Part
from core.editing.history import History
from core.editing.keeping import Base, Keeping
from core.editing.kinds import Field, Kind, fields_of, kinds
from core.editing.mending import Mend, loss_title, mends
from core.editing.opening import edited, refusal, setting_of
from core.editing.own_data import on_own_data, reopened
from core.editing.report import PartReport, Report, Setting, report

__all__ = [
    "MOST_PARTS",
    "Adaptation",
    "Base",
    "Draft",
    "EditError",
    "Field",
    "History",
    "Keeping",
    "Kind",
    "Mend",
    "Part",
    "PartReport",
    "Report",
    "Setting",
    "adaptation",
    "edited",
    "fields_of",
    "kinds",
    "laid_out",
    "loss_title",
    "mends",
    "on_own_data",
    "options_for",
    "own_data_refusal",
    "refusal",
    "reopened",
    "report",
    "setting_of",
]
