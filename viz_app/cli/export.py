"""Export pictures of steps: as numbered files, as one document, as a video. Needs no display."""

import re
import sys
from argparse import Namespace
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING

from core.notation import Notation
from core.options import OptionError
from core.wording import suggestion
from viz_app.cli.files import SEPARATORS, STDOUT, check_file, check_folder, check_stem, named, unwritable
from viz_app.cli.image import told_guess
from viz_app.cli.progress import ProgressBar
from viz_app.cli.selection import select
from viz_app.cli.session import Opened, open_session
from viz_app.cli.takeaway import kind_meant, take_away
from viz_app.export.chosen import MOST_PAGES, Choice, Chosen
from viz_app.export.formats import FORMATS, format_named, format_of
from viz_app.frame.color_maps import ColorMap
from viz_app.frame.look import LARGEST, MOST_PIXELS, SCALES, SHEETS, SMALLEST, TEXTS, Look
from viz_app.frame.parts import Part
from viz_app.frame.place import Place
from viz_app.frame.words.writing import DIGITS, Writing
from viz_app.takeaway.kinds import KINDS
from viz_app.window.starting.display import missing_to_draw

if TYPE_CHECKING:
    from viz_app.export.formats.base import Format
    from viz_app.export.look import Timing

_LONGEST_S = 600.0
_RATES = 1, 120
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}")
"""What looks like the ending of a file."""


def export_pictures(arguments: Namespace) -> int:
    """Write pictures of steps, or of cells inside them, with a progress bar on stderr.

    Raises
    ------
    OptionError
        If a step, the number of cells, the size, the theme, the format or the file cannot be, or Qt lacks libraries to
        draw with.
    """
    if (taken := kind_meant(arguments.out, arguments.format)) is not None:
        return take_away(arguments, taken)
    if arguments.value is not None:
        raise OptionError("Expected --format csv, or a file that ends with .csv, for --value.")
    session = open_session(arguments)
    chosen = chosen_in(session)
    places = _places(arguments, session, chosen.choice)
    if problem := missing_to_draw():
        raise OptionError(problem)
    kind, path, folder = parse_target(arguments.out, _format_name(arguments, session, chosen))
    look, timing = parse_look(arguments, kind, chosen.look), parse_timing(arguments, kind, chosen.timing)
    from viz_app.export.formats.base import ExportError  # late: it loads Qt
    from viz_app.export.job import Job, export_all

    (check_folder if folder else check_file)(path)
    made = folder and not isdir(path)
    experiment, guest = session.experiment, session.guest
    job = Job(experiment.preset, session.trace, places, kind, path, look, timing, arguments.force)
    try:
        if made:
            path.mkdir()
        if said := job.check():
            sys.stderr.write(f"netstep: {said}\n")
        export_all(job, ProgressBar())
    except ExportError as error:
        raise OptionError(str(error)) from None
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        if made:
            with suppress(OSError):  # it stays where something is in it
                path.rmdir()
    sys.stdout.write(told_guess(guest, experiment) if guest and session.saved is None else "")
    return 0


def chosen_in(session: Opened) -> Chosen:
    """Return what a session says of exports: what its window would begin with; what is usual where there is none.

    Raises
    ------
    OptionError
        If it says what cannot be.
    """
    saved = session.saved
    if saved is None:
        return Chosen()
    try:
        chosen = Chosen(look=Look.from_json(saved.window.look or {}))
        chosen = chosen if saved.export is None else Chosen.from_json(saved.export)
        chosen.choice.check(session.experiment.program, session.place.iteration)
    except ValueError as error:
        raise OptionError(f"The session tells of an export that cannot be: {error}") from None
    return chosen


def _places(arguments: Namespace, session: Opened, choice: Choice) -> tuple[Place, ...]:
    """Return what is exported: as the command line says, else as the session does, else every step."""
    here, experiment = session.place, session.experiment
    told = any(getattr(arguments, name) is not None for name in ("steps", "phase", "step", "iterations", "cells"))
    if session.saved is None or told:
        return tuple(map(here.at, select(arguments, experiment, here.iteration)))
    found = islice(choice.places(here, experiment.program, trainable=experiment.trainable), MOST_PAGES + 1)
    places = tuple(found)
    if len(places) > MOST_PAGES:
        raise OptionError(f"Expected at most {MOST_PAGES:,} pictures; the session asks for more.")
    return places


def _format_name(arguments: Namespace, session: Opened, chosen: Chosen) -> str | None:
    """Return the name of the format: as it was asked for, or as the session says where no ending says it."""
    if arguments.format is not None or session.saved is None or Path(arguments.out).suffix:
        name: str | None = arguments.format
        return name
    return chosen.format


def parse_target(text: str, name: str | None) -> tuple["Format", Path, bool]:
    """Return the format, the path to write to, and whether that is a folder.

    Raises
    ------
    OptionError
        If the text names nothing, or has the ending of another format.
    """
    if text in ("", STDOUT):
        raise OptionError(f"Expected the name of a file or of a folder to write into, such as pictures; got {text!r}.")
    path = Path(text)
    kind = None if name is None else format_named(name)
    meant = format_of(path)
    if not isdir(path):
        check_stem(path, _endings())
    if isdir(path) or text.endswith(SEPARATORS):
        return kind or format_named("png"), path, True
    if kind is None and meant is None and _ENDING.fullmatch(path.suffix):
        raise OptionError(f"Expected a folder, or a file that ends with one of {', '.join(_endings())}; "
                          f"got {named(path)}.")  # fmt: skip
    if kind is None:
        return meant or format_named("png"), path, meant is None
    if path.suffix.lower() in kind.endings:
        return kind, path, False
    if meant is not None:
        raise OptionError(f"Expected a name that ends with {kind.endings[0]} for {kind.name}; got {named(path)}.")
    if kind.in_folder:
        return kind, path, True
    return kind, path.with_name(f"{path.name}{kind.endings[0]}"), False


def _endings() -> tuple[str, ...]:
    """Return what the files that can be exported end with, each once."""
    every = (*(format_named(one).endings[0] for one in FORMATS), *(kind.ending for kind in KINDS.values()))
    return tuple(dict.fromkeys(every))


def parse_look(arguments: Namespace, kind: "Format", usual: Look | None = None) -> Look:
    """Return how pictures look: as the command line says, and otherwise as usual.

    Raises
    ------
    OptionError
        If a picture would be too small or too large, or the theme is the window's own.
    """
    usual = usual or Look()
    theme, scale = arguments.theme or usual.theme_name, usual.scale if arguments.scale is None else arguments.scale
    if theme == "system":
        raise OptionError("Expected a theme of light, dark or print for pictures; got 'system'.")
    if not SCALES[0] <= scale <= SCALES[1]:
        raise OptionError(f"Expected a scale from {SCALES[0]:g} to {SCALES[1]:g}; got {scale:g}.")
    size, text = (usual.size, usual.text) if arguments.size is None else parse_size(arguments.size)
    text = text if arguments.text is None else arguments.text
    if not TEXTS[0] <= text <= TEXTS[1]:
        raise OptionError(f"Expected --text from {TEXTS[0]:g} to {TEXTS[1]:g}; got {text:g}.")
    look = Look(
        size,
        theme,
        scale,
        bool(arguments.transparent) or (usual.transparent and kind.transparent),
        ColorMap(arguments.colors or usual.colors),
        parse_writing(arguments, usual.writing),
        Notation(arguments.notation or usual.notation),
        usual.grey_images,
        parse_parts(arguments, usual.parts),
        text,
    )
    width, height = look.pixels
    if width * height > MOST_PIXELS and not kind.vector:
        raise OptionError(f"Expected a picture of at most {MOST_PIXELS // 1_000_000} million pixels; "
                          f"got {width} x {height}.")  # fmt: skip
    return look


def parse_timing(arguments: Namespace, kind: "Format", usual: "Timing | None" = None) -> "Timing":
    """Return how long pictures are shown: as the command line says, and otherwise as usual.

    Raises
    ------
    OptionError
        If a time is out of range, or the format shows nothing for a time.
    """
    from viz_app.export.look import Timing

    names = {"duration": "step", "cell-duration": "cell", "hold": "hold"}
    told = {name: getattr(arguments, name.replace("-", "_")) for name in (*names, "fps")}
    given = [name for name, value in told.items() if value is not None]
    if given and not kind.timed:
        raise OptionError(f"Expected a format that moves, such as mp4, for --{given[0]}; got {kind.name}.")
    seconds = {field: told[name] for name, field in names.items() if told[name] is not None}
    for field, value in seconds.items():
        if not (value >= 0 if field == "hold" else value >= 0.01) or value > _LONGEST_S:
            least = "0" if field == "hold" else "0.01"
            option = next(name for name, one in names.items() if one == field)
            raise OptionError(f"Expected --{option} from {least} to {_LONGEST_S:g} seconds; got {value:g}.")
    if told["fps"] is not None and not _RATES[0] <= told["fps"] <= _RATES[1]:
        raise OptionError(f"Expected --fps from {_RATES[0]} to {_RATES[1]}; got {told['fps']}.")
    return replace(usual or Timing(), **seconds, **({} if told["fps"] is None else {"rate": told["fps"]}))


def parse_writing(arguments: Namespace, usual: Writing) -> Writing:
    """Return how numbers are written.

    Raises
    ------
    OptionError
        If they would have more digits than there are, or hardly any.
    """
    digits = arguments.digits
    if digits is not None and digits not in DIGITS:
        raise OptionError(f"Expected --digits from {DIGITS[0]} to {DIGITS[-1]}; got {digits}.")
    return Writing(usual.digits if digits is None else digits, comma=bool(arguments.decimal_comma) or usual.comma)


def parse_parts(arguments: Namespace, usual: frozenset[Part]) -> frozenset[Part]:
    """Return what stands in a picture.

    Raises
    ------
    OptionError
        If there is no such part, or nothing is left.
    """
    chosen = {name: getattr(arguments, name) for name in ("with", "without")}
    for option, told in chosen.items():
        for one in ("",) if told == () else told or ():
            if one not in set(Part):
                raise OptionError(f"Expected parts of a picture for --{option}, among {', '.join(Part)}; "
                                  f"got {one!r}{suggestion(one, Part)}.")  # fmt: skip
    parts = (usual | set(map(Part, chosen["with"] or ()))) - set(map(Part, chosen["without"] or ()))
    if not parts:
        raise OptionError("Expected at least one part of a picture; --without leaves none.")
    return parts


def parse_size(text: str) -> tuple[tuple[int, int], float]:
    """Return the width and height of ``WxH``, or of a size by name, and how much larger than usual its text is.

    Raises
    ------
    OptionError
        If the text is anything else, or a picture would be too small or too large.
    """
    limits = f"from {SMALLEST[0]}x{SMALLEST[1]} to {LARGEST[0]}x{LARGEST[1]}"
    if text in SHEETS:
        return SHEETS[text].size, SHEETS[text].text
    match = re.fullmatch(r"([0-9]{1,9})x([0-9]{1,9})", text)
    if match is None:
        names = ", ".join(SHEETS)
        raise OptionError(f"Expected a size in pixels as WxH, {limits}, or one of {names}; got {text!r}.")
    size = int(match[1]), int(match[2])
    if not all(low <= length <= high for low, length, high in zip(SMALLEST, size, LARGEST, strict=True)):
        raise OptionError(f"Expected a size {limits}; got {text}.")
    return size, 1.0
