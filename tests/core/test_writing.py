"""A text is continued token by token: by the likelihoods of the network, and repeatably."""

import numpy as np
import pytest

from core.data.words import word_text
from core.experiment import Experiment
from core.options import OptionError
from core.presets import open_preset
from core.writing import Taste, Writer, written


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return open_preset("transformer", start="trained")


@pytest.fixture(scope="module")
def writer(experiment: Experiment) -> Writer:
    return Writer(experiment)


def test_what_comes_next_depends_on_what_came_before_alone(experiment: Experiment, writer: Writer) -> None:
    """A causal network answers after the first letters what it answers in the middle of a longer text."""
    whole = "rain wind sn"
    output = writer.inference(experiment.run(), whole)
    rows = output.array(output.program.output or "")[0]
    for seen in (1, 5, 11):
        np.testing.assert_allclose(writer.likelihoods(experiment.parameters, whole[:seen]), rows[seen - 1], atol=1e-5)
    np.testing.assert_array_equal(writer.likelihoods(experiment.parameters, whole), rows[-1])


def test_the_trained_network_writes_its_words(experiment: Experiment, writer: Writer) -> None:
    assert written(writer, experiment.parameters, "the riv", Taste(0), 3) == "er "
    text = written(writer, experiment.parameters, "moon ", Taste(0.3), 60)
    known = set(word_text().split())
    assert np.mean([word in known for word in text.split()[:-1]]) > 0.7


def test_the_same_seed_continues_alike_however_it_is_stopped(experiment: Experiment, writer: Writer) -> None:
    taste = Taste(1.5, seed=3)
    whole = written(writer, experiment.parameters, "s", taste, 12)
    assert written(writer, experiment.parameters, "s", taste, 12) == whole
    assert written(writer, experiment.parameters, "s", taste, 5) == whole[:5]
    assert len({written(writer, experiment.parameters, "s", Taste(1.5, seed=seed), 12) for seed in range(5)}) > 1


def test_temperature_and_top_k_decide_what_is_drawn_from() -> None:
    likelihoods = np.array([0.1, 0.6, 0.0, 0.3])
    np.testing.assert_allclose(Taste(1.0).shares(likelihoods), likelihoods, atol=1e-12)
    np.testing.assert_array_equal(Taste(0).shares(likelihoods), [0, 1, 0, 0])
    np.testing.assert_allclose(Taste(1.0, 2).shares(likelihoods), [0, 2 / 3, 0, 1 / 3])
    np.testing.assert_allclose(Taste(0.5).shares(likelihoods)[:2], np.array([0.01, 0.36]) / 0.46)
    for cold in (1e-6, 5e-324):
        np.testing.assert_allclose(Taste(cold).shares(likelihoods), [0, 1, 0, 0], atol=1e-9)
    assert Taste(1e9).shares(likelihoods).max() < 0.3
    drawn = [Taste(1.0, seed=4).choose(likelihoods, number) for number in range(4000)]
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 4000, likelihoods, atol=0.03)
    with pytest.raises(OptionError, match="not finite"):
        Taste().choose(np.array([0.5, np.nan]), 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expected a text to continue, of at least one character; got none."),
        ("a1é", "Expected a text of the characters a to z and spaces; got '1', 'é'."),
        ("ABCDEFG", "got 'A', 'B', 'C', 'D' and 3 others."),
    ],
)
def test_a_text_that_cannot_be_continued_gets_one_sentence(writer: Writer, text: str, message: str) -> None:
    with pytest.raises(OptionError) as error:
        writer.seen(text)
    assert str(error.value).endswith(message)


def test_a_longer_text_is_seen_from_its_end(writer: Writer) -> None:
    assert writer.seen("a" * 30 + " bcdefghijk") == "a bcdefghijk"


def test_numbers_out_of_range_are_refused() -> None:
    for wrong in ({"temperature": -0.1}, {"temperature": float("nan")}, {"top_k": 0}, {"seed": -1}):
        with pytest.raises(OptionError, match=r"^Expected .*; got .*\.$"):
            Taste(**wrong)  # type: ignore[arg-type]


def test_other_networks_say_that_they_do_not_read_text() -> None:
    for name in ("digits", "attention", "vision-transformer", "conv-kernel"):
        with pytest.raises(OptionError, match="does not read text"):
            Writer(open_preset(name))
