"""What a session says of an export is checked against the run before anything is run for it."""

import pytest

from core.presets import open_preset
from viz_app.export.chosen import LAST_ITERATION, SOME, Choice, ChosenError


def test_steps_and_iterations_that_are_not_there_are_refused_before_they_are_run() -> None:
    program = open_preset("worked-2-2-2").program
    Choice(SOME, end=LAST_ITERATION).check(program)
    Choice(SOME, start=20_000, end=20_000).check(program, reached=20_000)
    for wrong, said in (
        (Choice("bogus"), "Expected steps to export; got 'bogus'."),
        (Choice(SOME, first=3, last=2), "the first one first"),
        (Choice(SOME, last=10**6), "Expected steps from 0 to"),
        (Choice(SOME, start=10**14, end=10**15), "Expected iterations up to 10,000 to export; got 1,000,000,000,"),
    ):
        with pytest.raises(ChosenError) as refused:
            wrong.check(program)
        assert said in str(refused.value)
