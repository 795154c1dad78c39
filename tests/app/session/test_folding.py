import pytest

from core.run.trace import Cursor
from core.values import Phase
from tests.large import transformer
from viz_app.frame.frame import Focus
from viz_app.frame.walking import Move, possible
from viz_app.saved.records import WindowRecord
from viz_app.saved.session import write_session
from viz_app.saved.session_reading import read_session
from viz_app.session.saving.snapshot import snapshot, take_up
from viz_app.session.session import Session


@pytest.fixture
def session(qapp):
    session = Session(transformer(2))
    yield session
    session.stop()


def _stops(session):
    """Return the titles of all stops of an iteration, stepping through it."""
    navigation, titles = session.navigation, []
    navigation.first()
    while not titles or session.frame.cursor.iteration == 0:
        titles.append(session.frame.title)
        navigation.step(1)
    return titles


def test_a_large_program_opens_folded_and_a_small_one_does_not(session):
    assert session.place.options.folds
    session.opening.open_preset("attention")
    assert session.place.options.folds is None


def test_right_steps_over_a_folded_block_and_left_back(session):
    session.navigation.step(1)
    block = session.frame
    assert block.title == "layer 2: transformer block, 2 heads"
    assert block.cursor == Cursor(0, 47)
    session.navigation.step(1)
    assert session.frame.title == "layer 3: transformer block, 2 heads"
    session.navigation.step(-1)
    assert session.frame.cursor == block.cursor


def test_down_goes_into_a_block_and_its_parts_and_up_out_of_them(session):
    navigation = session.navigation
    navigation.step(1)
    titles = [session.frame.title]
    for _ in range(2):
        navigation.enter()
        titles.append(session.frame.title)
    navigation.enter()
    assert session.frame.inside
    navigation.leave()
    assert (
        titles[2]
        == session.frame.title
        == "Mean over the features · layer normalisation 1 · layer 2: transformer block, 2 heads"
    )
    for title in reversed(titles[:-1]):
        navigation.leave()
        assert session.frame.title == title
    assert session.frame.outline.at(session.frame.cursor.step) == 1


def test_out_of_the_last_step_of_a_block_the_next_block_follows(session):
    session.navigation.step(1)
    session.navigation.enter()
    titles = []
    for _ in range(7):
        titles.append(session.frame.title)
        session.navigation.step(1)
    assert titles[-1] == "layer 3: transformer block, 2 heads"
    assert titles[1] == "attention: self-attention, 2 heads in layer 2"


def test_folded_and_unfolded_walk_the_same_numbers(session):
    folded = _stops(session)
    loss = session.frame.parameters["attention_w_q_2"]
    session.folding.unfold_all()
    session.navigation.restart()
    assert len(_stops(session)) == len(session.frame.program.steps) > len(folded)
    assert (session.frame.parameters["attention_w_q_2"] == loss).all()


def test_a_block_has_inputs_outputs_and_gradients_of_its_parameters(session):
    program = session.frame.program
    found = {}
    for _ in _stops(session)[1:]:
        session.navigation.step(-1)
        if session.frame.block and session.frame.block.span.fold == "2":
            found[session.frame.phase] = session.frame
    forward, backward, update = (found[phase] for phase in (Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE))
    assert [value.key for value in forward.block.inputs] == ["out_1"]
    assert forward.result.key == "out_2"
    assert len(forward.block.parameters) == len(backward.block.gradients) == len(update.block.gradients) == 12
    assert [value.key for value in backward.block.inputs] == ["grad_out_2"]
    assert backward.result.key == "grad_out_1"
    assert {value.key for value in backward.block.gradients} < set(program.gradients.values())
    for frame in (forward, backward, update):
        assert frame.result.array is not None
        assert frame.caption.endswith(".")
        assert frame.reason.endswith(".")


def test_whoever_asks_for_a_step_in_a_block_finds_it_unfolded(session):
    program = session.frame.program
    session.navigation.go_to_value("attention_q_3")
    assert session.frame.step.output.key == "attention_q_3"
    assert session.frame.block is None
    session.folding.fold_all()
    assert session.frame.block.span.fold == "3"
    session.cells.open("forward_wide_net_2", (0, 1))
    assert session.frame.detail.focus == Focus("forward_wide_net_2", (0, 1))
    assert session.frame.step is program.producers["forward_wide_net_2"]


def test_fold_and_unfold_from_the_menu(session):
    messages = []
    session.message.connect(messages.append)
    session.folding.unfold_all()
    assert Move.LEAVE not in possible(session.frame.program, session.frame.cursor, out=session.frame.leads_out)
    session.navigation.go_to_value("attention_q_2")
    session.folding.fold()
    assert session.frame.title == "attention: self-attention, 2 heads in layer 2"
    session.folding.fold()
    assert session.frame.title == "layer 2: transformer block, 2 heads"
    session.folding.fold()
    assert messages == ["This step is in no block that could be folded."]
    session.folding.unfold()
    assert session.frame.title == "Mean over the features · layer normalisation 1 · layer 2: transformer block, 2 heads"


def test_what_is_folded_stays_through_options_and_is_forgotten_with_the_network(session):
    session.opening.open_preset("digits")
    assert session.place.options.folds is None
    session.folding.fold_all()
    folds = session.place.options.folds
    session.opening.set_options(batch_size=2)
    assert session.place.options.folds == folds == {"1", "2"}
    session.opening.open_preset("attention")
    assert session.place.options.folds is None


def test_hidden_copies_are_passed_over(session):
    session.opening.open_preset("attention")
    titles = _stops(session)
    session.navigation.first()
    session.folding.hide_copies(True)
    fewer = _stops(session)
    assert not any(title.startswith(("Reshape", "Transpose")) for title in fewer)
    assert len(fewer) < len(titles)
    copy = next(step for step in session.frame.program.steps if step.op.title == "Transpose")
    session.navigation.go_to_step(copy.number)
    assert session.frame.step is copy
    session.navigation.step(1)
    after = session.frame.cursor.step
    session.navigation.go_to_step(copy.number)
    session.navigation.step(-1)
    assert session.frame.cursor.step < copy.number < after


def test_folds_and_bookmarks_are_saved_with_the_session(session, tmp_path):
    session.opening.open_preset("digits")
    session.folding.fold_all()
    session.bookmarks.set_keys(frozenset({"delta_1", "loss"}))
    session.folding.hide_copies(True)
    path = tmp_path / "kept.netstep"
    write_session(snapshot(session, WindowRecord()), path)
    place = session.place
    session.opening.open_preset("attention")
    session.bookmarks.set_keys(frozenset())
    take_up(session, read_session(path))
    assert session.place == place
    assert session.frame.block is not None
    assert set(session.bookmarks) == {"delta_1", "loss"}
