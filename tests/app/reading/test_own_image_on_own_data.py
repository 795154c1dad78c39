"""An own image enters as the samples of own data do: in their scale, and normalised as they are."""

from pathlib import Path

import numpy as np
import pytest

from core.data.normalising import By
from core.experiment import Experiment
from core.images.photo import Photo
from core.images.preparation import prepare
from core.images.settings import Preparation
from core.images.wanted import wanted_of
from core.layers import Dense
from core.network import Network
from core.options import Options, Rates
from core.preset import network_experiment
from tests.app.reading.written import images, labels
from viz_app.reading.data import open_data
from viz_app.reading.offer import Layout


def experiment(path: Path, **chosen: object) -> Experiment:
    dataset = open_data(path, **chosen)
    size = int(np.prod(dataset.sample_shape))
    network = Network((size,), (Dense(2, "softmax"),), dataset.row_image)
    return network_experiment("own", network, dataset, Options(), loss="cross_entropy", rates=Rates(0.1))


@pytest.mark.parametrize("by", [None, *By])
@pytest.mark.parametrize("scale", [255.0, 1.0, 16.0])
def test_the_image_of_a_sample_enters_as_the_sample(tmp_path: Path, by: By | None, scale: float) -> None:
    pixels = images(30, 12, 12)
    np.savez(tmp_path / "a.npz", x=pixels, y=labels(30, 2))
    opened = experiment(tmp_path / "a.npz", scale=scale, normalise=by, layout=Layout.ROW)
    wanted = wanted_of(opened)
    assert wanted is not None
    assert opened.dataset is not None
    made = prepare(Photo(pixels[3].copy(), "sample"), wanted, Preparation(kind="picture"))
    np.testing.assert_allclose(made.inputs, opened.dataset.inputs[3], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(np.asarray(made.stages[-1].array).ravel(), made.inputs)
    assert "exactly these numbers enter the network." in made.stages[-1].sentence.replace("E", "e")
    assert sum("xactly these numbers" in stage.sentence for stage in made.stages) == 1
    black = prepare(Photo(np.zeros((12, 12), np.uint8), "black"), wanted, Preparation(kind="picture"))
    np.testing.assert_allclose(black.inputs, wanted.blank(), atol=1e-6)
