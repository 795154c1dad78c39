"""The settings of a preset are plain data: what was saved with weights opens as it was, or is refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.toy import LARGEST_POINT_SEED, TOYS
from core.description import DescriptionError, describe_fields, fields_from
from core.experiment import Experiment
from core.layers import Feature
from core.options import OptionError
from core.presets import PRESETS, open_preset
from core.presets.attention import AttentionSettings
from core.presets.playground import ACTIVATION_TITLES, PlaygroundSettings
from core.saved import experiment_of, weights_of
from core.weights import Weights, read_weights, weights_file

OPTIONS = PRESETS["playground"].defaults
points = st.lists(st.tuples(st.floats(-6, 6), st.floats(-6, 6), st.sampled_from([0.0, 1.0])), min_size=70, max_size=80)
some = st.builds(
    PlaygroundSettings,
    data=st.sampled_from(sorted(TOYS)),
    count=st.integers(70, 200),
    noise=st.floats(0, 3),
    data_seed=st.integers(0, LARGEST_POINT_SEED),
    points=st.none() | points.map(tuple),
    features=st.sets(st.sampled_from(Feature), min_size=1).map(tuple),
    units=st.lists(st.integers(1, 12), max_size=6).map(tuple),
    activation=st.sampled_from(sorted(ACTIVATION_TITLES)),
)


def saved(experiment: Experiment, folder: Path) -> Weights:
    """Return the first weights of an experiment as they come back from a file."""
    (folder / "w").write_bytes(weights_file(weights_of(experiment, experiment.parameters, 0)))
    return read_weights(folder / "w")


@given(some)
def test_settings_come_back_from_text_as_they_were(settings: PlaygroundSettings) -> None:
    text = json.dumps(describe_fields(settings))
    assert fields_from(PlaygroundSettings, json.loads(text)) == settings


def test_a_playground_opens_with_its_points_inputs_and_layers(tmp_path: Path) -> None:
    settings = PlaygroundSettings(data="moons", features=(Feature.X1, Feature.SINE_X2), units=(5,), activation="relu")
    own = replace(settings, points=(*settings.drawn()[:90], (5.5, -5.5, 1.0)))
    experiment = own.open(OPTIONS)
    opened = experiment_of(saved(experiment, tmp_path), open_preset("digits"))
    assert opened.settings == own
    assert opened.network == experiment.network
    assert opened.dataset is not None
    assert experiment.dataset is not None
    np.testing.assert_array_equal(opened.dataset.inputs, experiment.dataset.inputs)


def test_other_presets_with_settings_keep_theirs(tmp_path: Path) -> None:
    settings = AttentionSettings(heads=1, width=4, warm_up=0)
    experiment = settings.open(PRESETS["attention"].defaults)
    assert experiment_of(saved(experiment, tmp_path), open_preset("digits")).settings == settings


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (3, "an object with named fields"),
        ({"colour": "red"}, "fields among data, "),
        ({"noise": "much"}, "noise: expected a finite number"),
        ({"count": 1e99}, "count: expected a whole number"),
        ({"points": [[1, 2]]}, "points"),
        ({"features": ["x7"]}, "features.1: expected one of x1"),
        ({"units": [1] * 9}, "at most 6 hidden layers"),
        ({"points": [[1, 2, 1]]}, "at most 0 samples held back"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_one_sentence(tmp_path: Path, told: Any, message: str) -> None:
    weights = saved(open_preset("playground"), tmp_path)
    with pytest.raises(OptionError, match=rf"^[A-Z].*{message}.*\.$"):
        experiment_of(replace(weights, about={**weights.about, "settings": told}), open_preset("digits"))


def test_settings_of_a_preset_that_has_none_are_refused(tmp_path: Path) -> None:
    weights = saved(open_preset("digits"), tmp_path)
    with pytest.raises(OptionError, match="and digits has none"):
        experiment_of(replace(weights, about={**weights.about, "settings": {}}), open_preset("digits"))


def test_what_is_no_plain_data_is_not_written() -> None:
    with pytest.raises(DescriptionError, match="expected plain data"):
        describe_fields(replace(PlaygroundSettings(), data=object()))  # type: ignore[arg-type]
