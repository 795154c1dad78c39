"""The LSTM that names the last capital letter: its data, its shipped weights, what its gates do, and that it learns."""

from pathlib import Path

import numpy as np

from core.data.letters import LENGTH, LETTERS, capital_letters
from core.presets import open_preset
from core.run.evaluation import Evaluator
from core.saved import experiment_of
from core.trained import trained_weights
from resources import train_lstm

README = (Path(train_lstm.__file__).with_name("weights") / "README.md").read_text(encoding="utf-8")


def test_the_target_is_the_last_capital_letter() -> None:
    dataset = capital_letters()
    assert dataset.token_names is not None
    assert len(set(dataset.token_names)) == len(dataset)
    assert set(map(len, dataset.token_names)) == {LENGTH}
    for sample, names in enumerate(dataset.token_names):
        capitals = [name for name in names if name.isupper()]
        assert dataset.sample_text(sample) == "".join(names)
        assert names[0].isupper()
        assert dataset.class_name(int(dataset.targets[sample].argmax())) == capitals[-1]
        assert dataset.label(sample) == LETTERS.index(capitals[-1])
        written = [(LETTERS[row[:3].argmax()], row[3]) for row in dataset.inputs[sample]]
        assert written == [(name.upper(), name.isupper()) for name in names]


def test_it_opens_trained_and_is_right_about_what_it_has_not_learnt() -> None:
    experiment = open_preset("lstm")
    assert experiment.network is not None
    assert experiment.dataset is not None
    assert experiment.trace().array("loss") < 0.05
    kept = range(len(experiment.dataset) - experiment.dataset.held_back, len(experiment.dataset))
    found = Evaluator(experiment.network, experiment.loss, experiment.dataset, kept)(experiment.parameters)
    assert found.accuracy == trained_weights("lstm").about["accuracy"]["sequences"] == 1
    assert f"{found.accuracy:.2%} of the {len(kept)} others".replace("%", " %") in README
    assert found.loss < 0.02


def test_forget_gates_close_at_capital_letters_and_hold_at_small_ones() -> None:
    trace = open_preset("lstm", batch_size=200).trace()
    later = range(2, LENGTH + 1)
    forget = np.stack([trace.array(f"t{t}_f_out_1") for t in later], axis=1)
    capital = trace.array("x")[:, 1:, 3] == 1
    assert forget[capital].mean() < 0.3
    assert forget[~capital].mean() > 0.8


def test_it_learns_from_scratch() -> None:
    experiment = open_preset("lstm", start="scratch", batch_size=32, optimizer="adam", shuffle=True, seed=2)
    assert experiment.network is not None
    assert experiment.dataset is not None
    judge = Evaluator(experiment.network, experiment.loss, experiment.dataset, range(400, 512))
    run = experiment.run()
    before, after = judge(run.state(0)), judge(run.state(200))
    assert before.loss > 0.9
    assert after.loss < 0.1
    assert after.accuracy is not None
    assert after.accuracy > 0.97


def test_the_shipped_weights_are_those_of_the_script() -> None:
    weights, experiment = trained_weights("lstm"), train_lstm.prepared()
    assert weights.network == experiment.network
    assert weights.about["iteration"] == train_lstm.ITERATIONS
    told = weights.about["trained_with"]
    assert all(
        told[name] == getattr(experiment.options, name) for name in ("seed", "optimizer", "schedule", "held_back")
    )
    opened = experiment_of(weights, open_preset("worked-2-2-2"))
    assert opened.now.start == "scratch", "what is opened is what it starts from"
    assert {key: array.tobytes() for key, array in opened.parameters.items()} == {
        key: array.tobytes() for key, array in open_preset("lstm").parameters.items()
    }
