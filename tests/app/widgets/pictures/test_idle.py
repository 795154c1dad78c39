import pytest
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.notation import Notation
from viz_app.picture import typeset as module
from viz_app.picture.typeset import Typeset, program_formulas, typeset
from viz_app.widgets.pictures.idle import IdleTypesetter


@pytest.fixture
def set_formulas(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the formulas that are set, in order."""
    done: list[str] = []

    def record(tex: str) -> Typeset:
        done.append(tex)
        return Typeset(None, 1.0, 1.0, tex)

    typeset.cache_clear()
    monkeypatch.setattr(module, "_set", record)
    return done


def test_formulas_are_set_one_by_one_and_then_it_rests(qtbot: QtBot, set_formulas: list[str]) -> None:
    idle = IdleTypesetter(lambda: False)
    idle.set_formulas(["a", "b", "a", "c"])
    assert idle.busy
    assert set_formulas == []
    qtbot.waitUntil(lambda: not idle.busy)
    assert set_formulas == ["a", "b", "c"]
    typeset.cache_clear()


def test_new_formulas_replace_what_is_left(qtbot: QtBot, set_formulas: list[str]) -> None:
    idle = IdleTypesetter(lambda: False)
    idle.set_formulas(["old"])
    idle.set_formulas(["new"])
    qtbot.waitUntil(lambda: not idle.busy)
    assert set_formulas == ["new"]
    idle.set_formulas(["never"])
    idle.stop()
    assert not idle.busy
    typeset.cache_clear()


def test_it_waits_while_it_is_held(qtbot: QtBot, set_formulas: list[str]) -> None:
    held = [True]
    idle = IdleTypesetter(lambda: held[0])
    idle.set_formulas(["a"])
    qtbot.wait(400)
    assert set_formulas == []
    held[0] = False
    qtbot.waitUntil(lambda: set_formulas == ["a"])
    typeset.cache_clear()


@pytest.mark.parametrize("notation", Notation)
def test_a_program_names_its_equations_and_values(small: Experiment, notation: Notation) -> None:
    formulas = list(program_formulas(small.program, notation))
    assert len([tex for tex in formulas if "=" in tex]) == len(small.program.steps)
    assert {"w_{1}", r"w_{1}^{\top}"} <= set(formulas)
