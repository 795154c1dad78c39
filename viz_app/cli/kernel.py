"""Change the kernel of a preset as the command line asks for."""

import re
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace

from core.experiment import Experiment
from core.layers.convolution import PaddingRule
from core.options import OptionError
from core.presets.convolution import KernelSettings
from core.values import Shape
from core.wording import sentence
from viz_app.cli.image import kernel_image


def with_kernel(experiment: Experiment, arguments: Namespace) -> Experiment:
    """Return the experiment with the kernel, image, stride, padding and dilation of the command line.

    Parameters
    ----------
    experiment : Experiment
        What the command line opens.
    arguments : Namespace
        With ``kernel``, ``image``, ``stride``, ``padding`` and ``dilation``; ``None`` where nothing was said. An image
        is one for the network where there is no kernel (see ``viz_app.cli.image``).

    Raises
    ------
    OptionError
        If the experiment has no kernel to change, or what is asked for does not fit.
    """
    chosen = {name: text for name in _FIELDS if (text := getattr(arguments, name, None)) is not None}
    settings, image = experiment.settings, getattr(arguments, "image", None)
    if image is not None and isinstance(settings, KernelSettings):
        chosen["image"] = image
    if not chosen:
        return experiment
    if not isinstance(settings, KernelSettings):
        names = ", ".join(f"--{name}" for name in chosen)
        raise OptionError(f"Expected a preset whose kernel can change, such as conv-kernel, for {names}; "
                          f"got {experiment.preset}.")  # fmt: skip
    changes = {name: _FIELDS[name](name, text) for name, text in chosen.items() if name in _FIELDS}
    if "image" in chosen:
        changes |= kernel_image(chosen["image"], experiment.options.dtype)
    try:
        return replace(settings, **changes).open(experiment.options)  # type: ignore[arg-type]
    except ValueError as error:
        raise OptionError(sentence(error)) from None


def parse_name(option: str, text: str) -> str:
    """Return a name as it is; who opens it knows the others."""
    return text


def parse_sizes(option: str, text: str) -> Shape:
    """Return one number for rows and columns, or two.

    Raises
    ------
    OptionError
        If the text is anything else.
    """
    sizes = _numbers(text)
    if len(sizes) not in (1, 2):
        raise OptionError(f"Expected a {option} as a number or as rows,columns, up to 99; got {text!r}.")
    return sizes[0], sizes[-1]


def parse_padding(option: str, text: str) -> PaddingRule:
    """Return ``same``, ``valid``, one amount, or one for each side.

    Raises
    ------
    OptionError
        If the text is anything else.
    """
    if text in ("same", "valid"):
        return text
    match _numbers(text):
        case (amount,):
            return amount
        case (rows, columns):
            return rows, columns
        case (top, bottom, left, right):
            return top, bottom, left, right
    raise OptionError(
        f"Expected a {option} of same, valid, a number, rows,columns or above,below,left,right, up to 99; got {text!r}."
    )


_FIELDS: Mapping[str, Callable[[str, str], object]] = {
    "kernel": parse_name,
    "stride": parse_sizes,
    "padding": parse_padding,
    "dilation": parse_sizes,
}


def _numbers(text: str) -> Shape:
    """Return numbers of at most two digits that are separated by commas; none where the text is anything else."""
    return tuple(map(int, text.split(","))) if re.fullmatch(r"[0-9]{1,2}(,[0-9]{1,2})*", text) else ()
