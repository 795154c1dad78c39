"""Ask for the colour of an object in a sequence of coloured objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset, one_hot
from core.values import Array

COLOURS = ("red", "green", "blue", "yellow")
SHAPES = ("circle", "square", "star", "heart")
FEATURES = (*COLOURS, *SHAPES, "question")
POSITIONS = ("object 1", "object 2", "object 3", "object 4", "question")
"""What the tokens of any sequence are called; ``Dataset.token_names`` says what they are in each."""


@dataclass(frozen=True)
class Look:
    """What an object looks like, as far as it is said: its shape, its colour, or both."""

    shape: str | None
    colour: str | None


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        **{colour: Look(None, colour) for colour in COLOURS},
        **{shape: Look(shape, None) for shape in SHAPES},
        **{f"{shape}?": Look(shape, None) for shape in SHAPES},
        **{f"{colour} {shape}": Look(shape, colour) for colour in COLOURS for shape in SHAPES},
    }
)
"""What the tokens, features and classes look like, by what they are called."""

_COUNT = 512

Labels = NDArray[np.intp]


@cache
def coloured_objects() -> Dataset:
    """Return 512 sequences of five tokens: four objects, one of each shape, and the shape that is asked for.

    A token is a row of nine features: its colour and its shape, one-hot, and whether it is the question. Colours may
    repeat, so that the answer cannot be told from the colours that are missing: it takes a look at the right object.
    Targets are one-hot: the colour of the object with the shape of the question.
    """
    generator = np.random.default_rng(7)
    shapes = generator.permuted(np.tile(np.arange(len(SHAPES)), (_COUNT, 1)), axis=1)
    colours = generator.integers(0, len(COLOURS), shapes.shape, dtype=np.intp)
    asked = generator.integers(0, len(SHAPES), _COUNT, dtype=np.intp)
    every = np.arange(_COUNT)
    labels = colours[every, asked]
    names = tuple(
        (
            *(f"{COLOURS[c]} {SHAPES[s]}" for c, s in zip(colours[i], shapes[i], strict=True)),
            f"{SHAPES[shapes[i, asked[i]]]}?",
        )
        for i in every
    )
    return Dataset(
        name="Coloured objects and a question",
        inputs=_features(colours, shapes, shapes[every, asked]),
        targets=one_hot(labels, len(COLOURS)),
        labels=labels,
        class_names=COLOURS,
        token_names=names,
    )


def _features(colours: Labels, shapes: Labels, questions: Labels) -> Array:
    count, objects = shapes.shape
    inputs = np.zeros((count, objects + 1, len(FEATURES)), np.float32)
    inputs[:, :objects, : len(COLOURS)] = np.eye(len(COLOURS))[colours]
    inputs[:, :objects, len(COLOURS) : -1] = np.eye(len(SHAPES))[shapes]
    inputs[:, -1, len(COLOURS) : -1] = np.eye(len(SHAPES))[questions]
    inputs[:, -1, -1] = 1
    return inputs
