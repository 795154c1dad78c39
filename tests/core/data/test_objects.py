"""Coloured objects look like what they are called."""

from core.data.objects import COLOURS, FEATURES, LOOKS, SHAPES, coloured_objects


def test_every_token_looks_like_its_features() -> None:
    dataset = coloured_objects()
    assert dataset.token_names is not None
    for names, sample in zip(dataset.token_names, dataset.inputs, strict=True):
        for name, features in zip(names, sample, strict=True):
            look = LOOKS[name]
            wanted = {FEATURES[i] for i in features.nonzero()[0]} - {"question"}
            assert {part for part in (look.shape, look.colour) if part} == wanted


def test_colours_and_shapes_look_like_themselves() -> None:
    assert {LOOKS[colour].colour for colour in COLOURS} == set(COLOURS)
    assert {LOOKS[shape].shape for shape in SHAPES} == set(SHAPES)
