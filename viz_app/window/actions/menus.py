"""List everything that the menus and the keys can do."""

from dataclasses import dataclass

from core.notation import Notation
from core.presets import PRESETS
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.words.writing import DIGITS
from viz_app.window.preferences import SCALES, SYSTEM


@dataclass(frozen=True)
class ActionInfo:
    """An action: its name in the code, its text, its keys, and whether holding a key repeats it.

    ``also`` are keys that keyboards send for the same signs; they are not listed. Where ``apart``, a line stands above.
    A ``checkable`` one is on or off. Those with the same ``inside`` stand together in a submenu with that title.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    repeats: bool = False
    also: tuple[str, ...] = ()
    apart: bool = False
    checkable: bool = False
    inside: str = ""


@dataclass(frozen=True)
class ChoiceInfo:
    """A submenu of which one entry is chosen: its name in the code, its title, its menu and the action below it.

    ``entries`` are pairs: what an entry stands for, and its text.
    """

    name: str
    title: str
    menu: str
    before: str
    entries: tuple[tuple[str, str], ...]


WRITE, COPY = "Save num&bers and code", "Cop&y"
FOLD, BOOKMARKS, GO, PANELS = "&Fold blocks", "Book&marks", "Go &to", "Pa&nels"
FILE = (
    ActionInfo("open", "&Open…", ("Ctrl+O",)),
    ActionInfo("save_session", "&Save session", ("Ctrl+S",), apart=True),
    ActionInfo("save_session_as", "Save session &as…", ("Ctrl+Shift+S",)),
    ActionInfo("open_image", "Open &image…", ("Ctrl+Shift+I",), apart=True),
    ActionInfo("paste_image", "&Paste image", ("Ctrl+V",)),
    ActionInfo("open_data", "Open &data…", ("Ctrl+Shift+O",)),
    ActionInfo("browse_data", "&Browse samples…", ("Ctrl+D",)),
    ActionInfo("open_weights", "Open &weights…", apart=True),
    ActionInfo("save_weights", "Save weigh&ts…"),
    ActionInfo("export", "E&xport…", apart=True),
    ActionInfo("export_picture", "&Export picture…", ("Ctrl+Shift+E",)),
    ActionInfo("save_map", "&Map as table…", inside=WRITE),
    ActionInfo("save_step_values", "Values of the &step…", apart=True, inside=WRITE),
    ActionInfo("save_values", "&Values of the iteration…", inside=WRITE),
    ActionInfo("save_script", "&Iteration as NumPy script…", apart=True, inside=WRITE),
    ActionInfo("save_network_code", "&Network as PyTorch code…", inside=WRITE),
    ActionInfo("save_curves", "&Curves as table…", apart=True, inside=WRITE),
    ActionInfo("save_curves_picture", "Curves as &picture…", inside=WRITE),
    ActionInfo("copy_numbers", "Copy &numbers of the map", ("Ctrl+C",), inside=COPY),
    ActionInfo("copy_latex", "Copy map as &LaTeX", inside=COPY),
    ActionInfo("copy_formula", "Copy &formula as TeX", inside=COPY),
    ActionInfo("copy_operation", "Copy &operation as NumPy script", apart=True, inside=COPY),
    ActionInfo("copy_iteration", "Copy i&teration as NumPy script", inside=COPY),
    ActionInfo("copy_picture", "&Copy picture", ("Ctrl+Shift+C",), apart=True, inside=COPY),
    ActionInfo("quit", "&Quit", ("Ctrl+Q",), apart=True),
)
NETWORK = (
    ActionInfo("edit_network", "&Edit network…", ("Ctrl+E",)),
    ActionInfo("own_input", "Your own &input…", ("Ctrl+I",)),
    ActionInfo("open_network", "&Open network…", apart=True),
    ActionInfo("save_network", "&Save network…"),
)
RUN = (
    ActionInfo("step", "&Step", ("Right", "PgDown"), True),
    ActionInfo("back", "Step &back", ("Left", "PgUp"), True),
    ActionInfo("enter", "Step &into the operation or block", ("Down",), apart=True),
    ActionInfo("leave", "Step &out of the operation or block", ("Up",)),
    ActionInfo("fold", "&Fold the block of the step", ("Ctrl+Up",), inside=FOLD),
    ActionInfo("fold_all", "Fold &all blocks", ("Ctrl+Shift+Up",), inside=FOLD),
    ActionInfo("unfold_all", "&Unfold all blocks", ("Ctrl+Shift+Down",), inside=FOLD),
    ActionInfo("hide_copies", "&Hide copies: pass over reshapes and transposes", ("C",), checkable=True, inside=FOLD),
    ActionInfo("find", "Find a &name…", ("Ctrl+F",), apart=True),
    ActionInfo("bookmark", "Book&mark this step, or no longer", ("M",), inside=BOOKMARKS),
    ActionInfo("next_bookmark", "Next bookmark", ("N",), inside=BOOKMARKS),
    ActionInfo("previous_bookmark", "Previous bookmark", ("Shift+N",), inside=BOOKMARKS),
    ActionInfo("list_bookmarks", "Bookmarks…", ("Ctrl+M",), inside=BOOKMARKS),
    ActionInfo("next_layer", "&Next layer; inside: next row", ("Shift+Right",), True, inside=GO),
    ActionInfo("previous_layer", "Pre&vious layer; inside: previous row", ("Shift+Left",), True, inside=GO),
    ActionInfo("first", "&First step of the iteration", ("Home",), inside=GO),
    ActionInfo("last", "&Last step of the iteration", ("End",), inside=GO),
    ActionInfo("play", "&Play and pause", ("Space",), apart=True),
    ActionInfo("faster", "F&aster", ("+",), True, ("=", "Shift++")),
    ActionInfo("slower", "Slo&wer", ("-",), True),
    ActionInfo("inference", "&Inference: the forward pass alone", ("I",), apart=True, checkable=True),
    ActionInfo("leave_guest", "Back to &data", ("D",), apart=True),
    ActionInfo("restart", "&Restart with the same seed", ("R",), apart=True),
    ActionInfo("check_gradient", "Check the &gradient of the focused cell", apart=True),
    ActionInfo("clear", "&Clear: close what is on top", ("Esc",)),
)
TRAIN = (
    ActionInfo("train", "&Train and pause", ("T",)),
    ActionInfo("stop_training", "&Stop, and go back to where it began", ("Shift+T",)),
    ActionInfo("learn_guest", "&Learn from the guest, or take that back"),
    ActionInfo("breakpoint", "&Halt at this step, or no longer", ("B",), apart=True),
    ActionInfo("watch", "&Watch the focused cell or the result", ("Ctrl+B",)),
)
VIEW = (
    ActionInfo("larger", "&Larger text", ("Ctrl++",), True, ("Ctrl+=", "Ctrl+Shift++"), apart=True),
    ActionInfo("smaller", "&Smaller text", ("Ctrl+-",), True),
    ActionInfo("decimal_comma", "&Decimal comma", checkable=True),
    ActionInfo("captions", "Ca&ptions", checkable=True),
    ActionInfo("grey_images", "&Images in grey", checkable=True),
    ActionInfo("hold_colors", "&Hold the colour scales", ("H",), checkable=True),
    ActionInfo("why", "&Why this step?", ("W",)),
    ActionInfo("reset_view", "Whole &picture", ("Ctrl+0",), apart=True),
    ActionInfo("timeline_in", "Timeline: &zoom in", ("Z",), True),
    ActionInfo("timeline_out", "Timeline: zoom &out", ("Shift+Z",), True),
    ActionInfo("full_screen", "&Full screen", ("F", "F11")),
    ActionInfo("reset_layout", "&Reset layout", apart=True, inside=PANELS),
)
LECTURE = (
    ActionInfo("present", "&Presentation", ("F5",), checkable=True),
    ActionInfo("quiz", "&Quiz: cover the results", ("Q",), checkable=True, apart=True),
    ActionInfo("answer", "Type the &answer", ("A",)),
    ActionInfo("reveal", "&Reveal what is covered", ("Return",), also=("Enter",)),
)
PRESENTATION = (
    ActionInfo("pointer", "Pointer: dot, spotlight, none", ("L",)),
    ActionInfo("black", "Black screen", ("B", ".")),
    ActionInfo("notes", "Notes below the stage", ("N",)),
    ActionInfo("leave_presentation", "End the presentation", ("Esc",)),
)
"""What only the presentation has keys for."""
HELP = (
    ActionInfo("keys", "&Keys", ("F1", "?"), also=("Shift+?",)),
    ActionInfo("about", "&About NetStep", apart=True),
)
MENUS = (
    ("&File", FILE),
    ("&Network", NETWORK),
    ("&Run", RUN),
    ("&Train", TRAIN),
    ("&View", VIEW),
    ("&Lecture", LECTURE),
    ("&Help", HELP),
)
_THEMES = ((SYSTEM, "As the &system"), ("light", "&Light"), ("dark", "&Dark"))
_NOTATIONS = ((Notation.NET_OUT.value, "&net and out"), (Notation.Z_A.value, "&z and a"))
LISTS = (("Presentation &screen", "Lecture"),)
"""Submenus that are filled when they open: their titles, and the menus at whose end they stand."""
_EXTENTS = (("result", "The whole &result"), ("cell", "The asked &cell"))
_DIGITS = (("", "As many as there is &room for"), *((str(count), f"At most {count}") for count in DIGITS))
CHOICES = (
    ChoiceInfo("preset", "Open &preset", "File", "save_session", tuple((name, p.title) for name, p in PRESETS.items())),
    ChoiceInfo("theme", "&Theme", "View", "larger", _THEMES),
    ChoiceInfo("notation", "&Notation", "View", "larger", _NOTATIONS),
    ChoiceInfo("extent", "The quiz &covers", "Lecture", "answer", _EXTENTS),
    ChoiceInfo("digits", "Di&gits", "View", "larger", _DIGITS),
    ChoiceInfo("colors", "&Colours of numbers", "View", "larger", tuple((one.value, one.called) for one in ColorMap)),
    ChoiceInfo("scale", "Presentation &scale", "View", "larger", tuple((str(s), f"{s} %") for s in SCALES)),
)
