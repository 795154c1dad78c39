"""How an image is prepared: what a person may set, and what is found automatically."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Choice = str | float | int | bool | None


@dataclass(frozen=True)
class Preparation:
    """Settings of the preparation; ``None`` is found automatically.

    Parameters
    ----------
    kind : str or None
        ``"digit"`` or ``"picture"``: what the image shows.
    even_light : bool
        Whether uneven light is evened out.
    window : float
        How wide strokes may be, as a share of the image's longer side: wider ones count as paper.
    paper : str or None
        ``"light"`` or ``"dark"``.
    threshold : float or None
        Above it, from 0 to 1, is ink.
    softness : float
        How soft the step from paper to ink is: 1 goes from the one to the other, 0 knows only the two.
    specks : float
        Spots with less ink than this share of the largest spot are dust.
    style : str or None
        ``"mnist"`` or ``"uci"``: which digits the size and the place are made like.
    box : int or None
        Into how many rows and columns the ink is scaled, in the style of MNIST.
    invert : bool
        Whether a picture's light and dark are exchanged.
    placing : str
        How a picture comes to the size of the input: ``"crop"``, ``"fit"`` or ``"stretch"``.
    """

    kind: str | None = None
    even_light: bool = True
    window: float = 0.35
    paper: str | None = None
    threshold: float | None = None
    softness: float = 1.0
    specks: float = 0.03
    style: str | None = None
    box: int | None = None
    invert: bool = False
    placing: str = "crop"


@dataclass(frozen=True)
class Parameter:
    """What a person sets about a stage.

    Parameters
    ----------
    title : str
        What it is called.
    tip : str
        What it does, in a sentence.
    choices : tuple of (str, str)
        What it may be, and how a person reads that; empty where it is a number, or on or off.
    limits : tuple of float or None
        The smallest and largest number.
    whole : bool
        Whether the number is whole.
    automatic : bool
        Whether it can be found automatically.
    """

    title: str
    tip: str
    choices: tuple[tuple[str, str], ...] = ()
    limits: tuple[float, float] | None = None
    whole: bool = False
    automatic: bool = False


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        "kind": Parameter(
            "Prepared as",
            "A digit is cut out of its paper; a picture stays whole.",
            (("digit", "Digit"), ("picture", "Picture")),
            automatic=True,
        ),
        "even_light": Parameter("Even out the light", "Takes away shadows and light that falls from one side."),
        "window": Parameter(
            "Widest stroke",
            "As a share of the longer side; what is wider counts as paper.",
            limits=(0.02, 1.0),
        ),
        "paper": Parameter(
            "Paper",
            "Dark ink on light paper is inverted: the network has seen light digits on black.",
            (("light", "Light"), ("dark", "Dark")),
            automatic=True,
        ),
        "threshold": Parameter(
            "Threshold", "Numbers above it are ink; the automatic one is Otsu's.", limits=(0.0, 1.0), automatic=True
        ),
        "softness": Parameter("Softness", "0 is black or white; 1 keeps every grey in between.", limits=(0.0, 1.0)),
        "specks": Parameter("Dust below", "Spots with less ink than this share of the largest go.", limits=(0.0, 1.0)),
        "style": Parameter(
            "Made like",
            "Whose way of scaling and centring is followed.",
            (("mnist", "MNIST"), ("uci", "UCI digits")),
            automatic=True,
        ),
        "box": Parameter(
            "Box", "Into how many rows and columns the ink is scaled.", limits=(1, 4096), whole=True, automatic=True
        ),
        "invert": Parameter("Invert", "Exchanges light and dark."),
        "placing": Parameter(
            "Size",
            "Crop cuts off what is too long, fit leaves margins, stretch changes the proportions.",
            (("crop", "Crop"), ("fit", "Fit"), ("stretch", "Stretch")),
        ),
    }
)
"""Every field of ``Preparation``, in the order in which they act."""
