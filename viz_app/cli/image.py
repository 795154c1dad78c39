"""Open the image that the command line names, and prepare it for the network."""

from argparse import Namespace
from collections.abc import Sequence
from os.path import lexists
from pathlib import Path

import numpy as np

from core.data.dataset import one_hot
from core.data.guest import Guest
from core.data.pictures import PICTURES
from core.experiment import Experiment
from core.images.photo import PhotoError
from core.images.preparation import prepare
from core.images.wanted import Wanted, any_picture, wanted_of
from core.options import OptionError
from core.presets.convolution import KernelSettings
from core.values import Array
from core.visiting import target_of, tells_classes
from core.wording import suggestion


def guest_of(experiment: Experiment, arguments: Namespace) -> Guest | None:
    """Return the image of the command line as it enters the network; ``None`` where there is none.

    Parameters
    ----------
    experiment : Experiment
        What the command line opens; a kernel that slides over an image has the image already.
    arguments : Namespace
        With ``image`` and ``label``; ``None`` where nothing was said.

    Raises
    ------
    OptionError
        If the image cannot be read, the network takes none, or there is no such class.
    """
    if arguments.image is None or isinstance(experiment.settings, KernelSettings):
        if arguments.label is not None:
            raise OptionError(f"Expected an image of a class, for --label: {_WHERE_LABELLED}.")
        return None
    wanted = wanted_of(experiment)
    if wanted is None:
        raise OptionError(f"Expected a network that takes images, for --image; {experiment.preset} takes none.")
    inputs = _read(arguments.image, wanted)
    target = None if arguments.label is None else _target(experiment, arguments.label)
    return experiment.admitted(0, Guest(inputs, target, Path(arguments.image).name))


def kernel_image(text: str, dtype: str) -> dict[str, object]:
    """Return what an image of the command line changes about a kernel's settings: a built-in name, or a file.

    Raises
    ------
    OptionError
        If it is neither.
    """
    if text in PICTURES:
        return {"image": text, "own_image": None}
    if not lexists(text):
        meant = suggestion(text, PICTURES)
        raise OptionError(f"Expected an image among {', '.join(PICTURES)}, or the name of a file; got {text!r}{meant}.")
    return {"own_image": _read(text, any_picture(dtype))}


def told_guess(guest: Guest, experiment: Experiment) -> str:
    """Return in one line which class the network takes an image for where it guesses; nothing where it does not."""
    target = target_of(experiment.program)
    if guest.target is not None or target is None:
        return ""
    found = experiment.trace(guest).array(target.key)[0]
    return f"The target of {guest.title} is the network's own guess: {_names(experiment)[int(np.argmax(found))]}.\n"


_WHERE_LABELLED = "add --image FILE, on a network that tells classes"


def _read(text: str, wanted: Wanted) -> Array:
    from viz_app.reading.images.photos import read_photo  # late: it loads Pillow

    if not text.strip():
        raise OptionError("Expected the name of a file, for --image; got nothing.")
    path = Path(text)
    try:
        return prepare(read_photo(path, path.name or text), wanted).inputs
    except PhotoError as error:
        raise OptionError(str(error)) from None


def _target(experiment: Experiment, text: str) -> Array:
    """Return the target of a class: by its name, or by its number."""
    if not tells_classes(experiment.program, experiment.dataset):
        raise OptionError(f"Expected a network that tells classes, for --label; {experiment.preset} does not.")
    names = _names(experiment)
    if text in names:
        label = names.index(text)
    elif text.isascii() and text.isdecimal() and int(text) < len(names):
        label = int(text)
    else:
        meant = "" if text.isdecimal() else suggestion(text, names)
        raise OptionError(f"Expected a label among {_listed(names)}; got {text!r}{meant}.")
    target: Array = one_hot(np.array([label]), len(names))[0]
    return target


def _names(experiment: Experiment) -> tuple[str, ...]:
    target = target_of(experiment.program)
    assert target is not None
    assert experiment.dataset is not None
    return tuple(experiment.dataset.class_name(number) for number in range(target.shape[1]))


_LISTED = 20


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
