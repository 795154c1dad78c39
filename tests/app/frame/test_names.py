"""Tokens are called what they are in the sample that is shown; what a mask hides is known to be hidden."""

import math

from core.presets import open_preset
from core.run.trace import Cursor, Trace
from core.values import Axis, AxisKind
from viz_app.frame.frame import Focus, Frame, resolve
from viz_app.frame.words.names import TokenNames
from viz_app.picture.stages import arrange


def attention(batch: int = 2, sample: int = 0) -> Trace:
    return open_preset("attention", batch_size=batch, sample=sample).trace()


def at(trace: Trace, key: str, iteration: int = 0, focus: Focus | None = None) -> Frame:
    return resolve(trace, Cursor(iteration, trace.program.producers[key].number), focus=focus)


def names_of(sample: int) -> tuple[str, ...]:
    dataset = open_preset("attention").dataset
    assert dataset is not None
    assert dataset.token_names is not None
    return dataset.token_names[sample]


def test_rows_and_columns_are_called_what_the_tokens_are_in_that_sample() -> None:
    scores = at(attention(sample=5), "scores_1").result
    assert scores.names(2, 1) == scores.names(3, 1) == names_of(6)
    assert scores.names(2, 0) == names_of(5)
    assert scores.names(0) == ()


def test_the_rows_of_all_samples_are_called_what_they_are() -> None:
    assert at(attention(), "q_1").result.names(0) == names_of(0) + names_of(1)
    assert at(attention(1), "q_1").result.names(0) == names_of(0)


def test_names_follow_the_iteration() -> None:
    trace = attention(1)
    assert at(trace, "scores_1", 3).result.names(2) == names_of(3)


def test_one_token_of_a_sequence_has_its_own_name() -> None:
    assert at(attention(), "last_2").result.names(1, 1) == names_of(1)[-1:]


def test_other_names_stay() -> None:
    frame = at(attention(), "out_3")
    assert frame.result.names(1, 1) == ("red", "green", "blue", "yellow")
    assert TokenNames().of(Axis(AxisKind.TOKEN, ("a", "b")), 0) == ("a", "b")
    assert at(open_preset("digits", batch_size=2).trace(), "out_2").result.names(1) == tuple("0123456789")


def test_the_stage_writes_the_names_of_the_sample_that_is_looked_at() -> None:
    trace = attention()
    picture = arrange(at(trace, "scores_1", focus=Focus("scores_1", (1, 0, 2, 3))), 1040, 700, 14)
    written = {getattr(element, "text", "") for element in picture.elements}
    assert set(names_of(1)) <= written
    assert not (set(names_of(0)) - set(names_of(1))) & written


def test_what_the_mask_hides_is_above_the_diagonal_and_lower_than_any_number() -> None:
    trace = attention()
    view = at(trace, "masked_1").result
    assert view.hides((0, 1, 2, 3))
    assert not view.hides((0, 1, 3, 3))
    assert not at(trace, "scaled_1").result.hides((0, 1, 2, 3))
    detail = at(trace, "masked_1", focus=Focus("masked_1", (0, 1, 2, 3))).detail
    assert detail is not None
    assert detail.hidden
    assert detail.number == -math.inf
    assert detail.live.endswith("hidden by the mask = −∞")
    assert at(trace, "masked_1").warning is None


def test_the_gradient_of_what_the_mask_hid_is_a_plain_zero() -> None:
    assert at(attention(), "grad_scaled_1").result.hidden is None
