"""Whatever is done to a draft, it fits or says why; undoing and redoing lead back; what fits runs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.editing import (
    MOST_PARTS,
    Base,
    Draft,
    EditError,
    History,
    Keeping,
    Part,
    Report,
    edited,
    kinds,
    mends,
    report,
    setting_of,
)
from core.experiment import Edit, Experiment
from core.layers import Conv2d, Dense, Flatten, Sum
from core.network import Network
from core.options import OptionError
from core.presets import PRESETS, open_preset
from tests.core.editing.networks import NETWORKS, assert_is_sentence, edit, experiment

NAMES = st.sampled_from(list(NETWORKS))


def draft_of(opened: Experiment) -> Draft:
    assert isinstance(opened.network, Network)
    return Draft.of(opened.network, opened.loss)


def walked(data: st.DataObject, draft: Draft, most: int = 8) -> Draft:
    for _ in range(data.draw(st.integers(1, most))):
        draft = edit(data, draft)
    return draft


@settings(max_examples=150, deadline=None)
@given(st.data(), NAMES)
def test_whatever_is_done_a_draft_fits_or_says_why(data: st.DataObject, name: str) -> None:
    opened = experiment(name)
    draft = walked(data, draft_of(opened))
    found = report(draft, setting_of(opened))
    assert len(found.parts) == len(draft.parts)
    assert found.fits is (found.error == "")
    if found.error:
        assert_is_sentence(found.error)
    broken = len(draft.parts) if found.broken is None else found.broken
    for place, part in enumerate(found.parts):
        assert (part.shape is not None) is (place < broken)
        assert (part.count is not None) is (place < broken)
        assert bool(part.error) is (place == broken)
        if part.error:
            assert_is_sentence(part.error)
    assert (found.network is None) is (found.broken is not None)


@settings(max_examples=100, deadline=None)
@given(st.data(), NAMES)
def test_a_draft_that_fits_is_run_and_what_it_keeps_is_the_same(data: st.DataObject, name: str) -> None:
    opened = experiment(name)
    draft = draft_of(opened)
    base = Base(opened.program, draft.parts)
    draft = walked(data, draft, 5)
    found = report(draft, setting_of(opened))
    if not found.fits:
        return
    assert found.network is not None
    assert found.program is not None
    kept = base.kept(draft, found.program)
    state = opened.trace().run.state(3)
    made = edited(opened, Edit(found.network, draft.loss, {new: state[old] for new, old in kept.items()}))
    trace = made.trace()
    for key, old in kept.items():
        assert trace.array(key).tobytes() == state[old].tobytes()
    drawn = found.network.initial(made.options.seed)
    for value in made.program.parameters:
        if value.key not in kept:
            assert np.array_equal(trace.array(value.key), drawn[value.key])
    assert trace.array("loss").shape == ()
    trace.array("loss", 1)
    shapes = [part.shape for part in found.parts]
    outputs = [made.program.values[key].shape[1:] for key in (made.program.output,) if key]
    assert shapes[-1:] == outputs
    assert found.count == sum(array.size for array in drawn.values())


@settings(max_examples=100, deadline=None)
@given(st.data(), NAMES)
def test_undoing_and_redoing_lead_back(data: st.DataObject, name: str) -> None:
    history = History(draft_of(experiment(name)))
    drafts = [history.now]
    for _ in range(data.draw(st.integers(1, 8))):
        draft = edit(data, history.now)
        if draft != history.now:
            drafts.append(draft)
        history = history.take(draft)
    for steps in range(len(drafts)):
        back = history
        for _ in range(steps):
            back = back.undo()
        assert back.now is drafts[-1 - steps]
        for _ in range(steps):
            back = back.redo()
        assert back == history
    assert history.redo() is history


@settings(max_examples=100, deadline=None)
@given(st.data(), NAMES)
def test_every_suggestion_mends(data: st.DataObject, name: str) -> None:
    opened = experiment(name)
    setting = setting_of(opened)
    draft = walked(data, draft_of(opened), 4)
    found = report(draft, setting)
    suggested = mends(draft, found, setting)
    assert not (found.fits and suggested)
    assert len({mend.text for mend in suggested}) == len(suggested)
    for mend in suggested:
        assert _gone(found, report(mend.draft, setting)), mend.text


def _gone(before: Report, after: Report) -> bool:
    """Tell whether what was wrong is not wrong any more."""
    if before.broken is None:
        return after.fits or after.error != before.error
    return after.broken is None or after.broken > before.broken + 1


# By hand


def test_the_last_layer_says_what_the_data_have_and_is_mended() -> None:
    opened = open_preset("digits")
    draft = draft_of(opened).change(1, "units", 12)
    found = report(draft, setting_of(opened))
    assert found.error == "The last layer has 12 outputs; the data have 10 classes."
    assert [part.shape for part in found.parts] == [(32,), (12,)]
    (mend,) = mends(draft, found, setting_of(opened))
    assert mend.text == "Set units to 10"
    again = report(mend.draft, setting_of(opened))
    assert again.fits
    assert again.network == opened.network  # the outputs are called after the classes again


def test_a_loss_that_does_not_hold_is_mended_by_the_last_layer() -> None:
    opened = open_preset("digits")
    draft = draft_of(opened).change(1, "activation", None)
    suggested = mends(draft, report(draft, setting_of(opened)), setting_of(opened))
    assert suggested[0].text == "Set activation to Softmax"
    assert suggested[0].draft.parts[1].layer() == opened.network.layers[1]  # type: ignore[union-attr]


def test_images_before_a_dense_layer_are_flattened() -> None:
    opened = open_preset("conv-digits")
    draft = draft_of(opened).remove(4)
    found = report(draft, setting_of(opened))
    assert found.broken == 4
    assert "(samples × inputs)" in found.parts[4].error
    (mend,) = mends(draft, found, setting_of(opened))
    assert mend.text == "Put flatten before it"
    assert report(mend.draft, setting_of(opened)).network == opened.network


def test_an_end_in_images_gets_what_is_missing() -> None:
    opened = open_preset("conv-digits")
    draft = draft_of(opened).remove(5).remove(4)
    found = report(draft, setting_of(opened))
    assert found.error == "The last layer has 16 × 4 × 4 outputs; the data have 10 classes."
    (mend,) = mends(draft, found, setting_of(opened))
    assert mend.text == "Add flatten and dense 10, Softmax"


def test_more_than_memory_holds_is_refused_before_any_number_is_drawn() -> None:
    opened = open_preset("digits")
    draft = draft_of(opened).add(1, Dense).change(0, "units", 4096).change(1, "units", 4096).duplicate(1)
    found = report(draft, setting_of(opened))
    assert found.error.startswith("One iteration takes ")
    assert found.network is not None
    with pytest.raises(OptionError, match="can be shown"):
        edited(opened, Edit(found.network, draft.loss, {}))


def test_moved_layers_keep_their_weights_and_changed_ones_begin_anew() -> None:
    opened = open_preset("digits")
    draft = draft_of(opened)
    base = Base(opened.program, draft.parts)
    setting = setting_of(opened)

    def keeping(changed: Draft) -> list[Keeping | None]:
        program = report(changed, setting).program
        assert program is not None
        return list(base.keeping(changed, program))

    whole, some, none = Keeping.ALL, Keeping.SOME, Keeping.NONE
    assert keeping(draft) == [whole, whole]
    assert keeping(draft.change(0, "activation", "tanh")) == [whole, whole]
    assert keeping(draft.change(0, "units", 16)) == [none, none]
    assert keeping(draft.change(0, "initialiser", "zeros")) == [none, whole]
    assert keeping(draft.change(0, "bias", False)) == [whole, whole]
    assert keeping(draft.change(0, "bias", False).change(0, "bias", True)) == [whole, whole]
    assert keeping(draft.add(0, Flatten)) == [None, whole, whole]
    assert keeping(draft.duplicate(1)) == [whole, whole, none]
    without = draft_of(experiment("rows"))
    opened = experiment("rows")
    base, setting = Base(opened.program, without.parts), setting_of(opened)
    assert keeping(without) == [whole] * 4
    assert keeping(without.change(2, "bias", True)) == [whole, whole, some, whole]
    assert keeping(without.move(1, 0)) == [none, none, whole, whole]


def test_a_network_for_other_data_is_refused() -> None:
    digits, other = open_preset("digits"), open_preset("mlp-784-800-10").network
    assert other is not None
    with pytest.raises(OptionError, match=r"takes 784 numbers a sample; the data have 64\.$"):
        edited(digits, Edit(other, "cross_entropy", {}))
    kernel = open_preset("conv-kernel")
    with pytest.raises(OptionError, match="not trained on samples"):
        edited(kernel, Edit(other, "cross_entropy", {}))


@pytest.mark.parametrize("name", PRESETS)
def test_the_network_of_every_preset_that_is_trained_fits_its_data(name: str) -> None:
    opened = open_preset(name)
    if isinstance(opened.network, Network) and opened.dataset is not None:
        draft = draft_of(opened)
        assert report(draft, setting_of(opened)).network == opened.network
        assert report(draft, setting_of(opened)).fits


def test_what_cannot_be_done_is_said() -> None:
    draft = draft_of(open_preset("digits"))
    for change in (
        lambda: draft.add(3, Dense),
        lambda: draft.add(0, Sum),
        lambda: draft.remove(2),
        lambda: draft.remove(0).remove(0),
        lambda: draft.move(0, 2),
        lambda: draft.duplicate(-1),
        lambda: draft.change(0, "kernel", 3),
        lambda: draft.change(0, "units", 0),
        lambda: draft.change(0, "activation", "none"),
        lambda: draft.take_loss("none"),
    ):
        with pytest.raises(EditError) as refused:
            change()
        assert_is_sentence(str(refused.value))


def test_there_is_an_end_to_adding() -> None:
    draft = draft_of(open_preset("digits"))
    while len(draft.parts) < MOST_PARTS:
        draft = draft.duplicate(0)
    with pytest.raises(EditError, match=f"at most {MOST_PARTS} layers"):
        draft.duplicate(0)
    mends(draft, report(draft, setting_of(open_preset("digits"))), setting_of(open_preset("digits")))


def test_typing_is_one_change() -> None:
    history = History(draft_of(open_preset("digits")))
    for units in (1, 12, 128):
        history = history.take(history.now.change(0, "units", units), "units")
    assert history.undo().now is history.past[0]
    assert len(history.past) == 1
    again = history.settled()
    assert len(again.take(again.now.change(0, "units", 3), "units").past) == 2


def test_a_layer_of_a_draft_is_the_layer() -> None:
    for layer in (Dense(3, "tanh"), Conv2d(2, (3, 5), padding=(1, 2)), Flatten()):
        assert Part.of(layer).layer() == layer


@pytest.mark.parametrize("preset", ["digits", "conv-digits", "attention", "playground"])
def test_any_layer_anywhere_fits_or_says_why(preset: str) -> None:
    """Each kind of layer is put before each layer and at the end, and what is suggested is looked at, too."""
    experiment = open_preset(preset)
    setting = setting_of(experiment)
    draft = Draft.of(experiment.network, experiment.loss)
    for kind in (kind for group in kinds().values() for kind in group):
        for place in range(len(draft.parts) + 1):
            tried = draft.add(place, kind.layer)
            found = report(tried, setting)
            assert found.fits or found.error.endswith(".")
            for mend in mends(tried, found, setting):
                report(mend.draft, setting)
