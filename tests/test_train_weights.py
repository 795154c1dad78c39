"""The shipped weights are trained on what their README says, and on nothing that they are judged by."""

from pathlib import Path

import numpy as np
import pytest

from core.run.evaluation import Evaluator
from core.trained import trained_weights
from core.weights import read_weights
from resources import train_weights
from resources.train_weights import RECIPES, joined, parts_of, prepared, shift, shifts
from tests.mnist import write_mnist

README = (Path(train_weights.__file__).with_name("weights") / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.preset)
def test_what_is_kept_back_is_not_trained_on(recipe: train_weights.Recipe, tmp_path: Path) -> None:
    images, _ = write_mnist(tmp_path, train_weights.MNIST_KEPT + 30)
    parts = parts_of(recipe, tmp_path)
    assert len(parts) == 1 + recipe.mnist
    dataset, kept = joined(recipe, parts), sum(len(part.kept) for part in parts)
    experiment = prepared(recipe, dataset, kept)
    assert len(experiment.held_back) == kept == 180 + train_weights.MNIST_KEPT * recipe.mnist
    assert len(experiment.trained_on) == recipe.shifted * (1617 + 30 * recipe.mnist)
    trained = {dataset.inputs[sample].tobytes() for sample in experiment.trained_on}
    assert not {dataset.inputs[sample].tobytes() for sample in experiment.held_back} & trained
    if recipe.mnist:
        last = (images[-1] / 255).astype(np.float32).tobytes()
        assert last in {dataset.inputs[sample].tobytes() for sample in experiment.held_back}


def test_images_are_moved_by_whole_pixels() -> None:
    image = np.arange(12.0).reshape(1, 12)
    assert [by for by in shifts(5) if by != (0, 0)] == [(-1, 0), (0, -1), (0, 1), (1, 0)]
    assert shift(image, (3, 4), 0, 0).tolist() == image.tolist()
    assert shift(image, (3, 4), 1, 0).tolist() == [[0, 0, 0, 0, *range(8)]]
    assert shift(image, (3, 4), 0, -1).tolist() == [[1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0]]
    assert shift(image.reshape(1, 1, 3, 4), (3, 4), -1, 0)[0, 0, 0].tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.preset)
def test_shipped_weights_are_as_good_as_their_readme_says(recipe: train_weights.Recipe, tmp_path: Path) -> None:
    weights = trained_weights(recipe.preset)
    told = weights.about["accuracy"]
    (row,) = (line for line in README.splitlines() if line.startswith(f"| `{recipe.preset}.safetensors`"))
    assert all(f"{100 * share:.2f} %" in row for share in told.values())
    write_mnist(tmp_path, train_weights.MNIST_KEPT + 1)
    own = parts_of(recipe, tmp_path)[-1]
    assert weights.network is not None
    judge = Evaluator(weights.network, "cross_entropy", own.dataset, own.kept)
    found = judge({key: array.astype(np.float32) for key, array in weights.state.items()})
    assert found.accuracy == pytest.approx(told["shipped digits"], abs=1e-4)


def test_the_command_writes_what_it_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train_weights, "TARGET", tmp_path / "weights")
    assert train_weights.main(["--mnist", str(tmp_path), "--presets", "digits"]) == 0
    assert capsys.readouterr().out.startswith("digits.safetensors: 9")
    again, shipped = read_weights(tmp_path / "weights" / "digits.safetensors"), trained_weights("digits")
    assert again.network == shipped.network
    assert {key: array.shape for key, array in again.state.items()} == {k: a.shape for k, a in shipped.state.items()}
    assert again.about["trained_with"] == shipped.about["trained_with"]
    assert min(again.about["accuracy"].values()) > 0.965
    with pytest.raises(SystemExit):
        train_weights.main(["--mnist", str(tmp_path), "--presets", "conv-digits"])
    assert "Expected t10k-images-idx3-ubyte" in capsys.readouterr().err
