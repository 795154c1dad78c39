"""What has been found out about programs is kept while they are there, and not much of it."""

import gc
from weakref import ref

from core.builder import Builder
from core.ops.shape import Transpose
from core.program import Program
from core.values import Role
from viz_app.frame.per_program import PerProgram


def program() -> Program:
    builder = Builder()
    builder.apply(Transpose(), builder.input("x", (2, 3), Role.INPUT), key="turned")
    return builder.build(output="turned")


def test_an_answer_is_made_once_for_each_program_and_question() -> None:
    kept, one, other = PerProgram[object](8), program(), program()
    first = kept.get(one, "a", object)
    assert kept.get(one, "a", object) is first
    assert kept.get(one, "b", object) is not first
    assert kept.get(other, "a", object) is not first


def test_what_was_not_asked_for_lately_goes_first() -> None:
    kept, one = PerProgram[object](2), program()
    a, b = kept.get(one, "a", object), kept.get(one, "b", object)
    kept.get(one, "a", object)
    kept.get(one, "c", object)
    assert kept.get(one, "a", object) is a
    assert kept.get(one, "b", object) is not b


def test_no_program_is_held_by_its_answers() -> None:
    kept, one = PerProgram[object](8), program()
    kept.get(one, "a", object)
    gone = ref(one)
    del one
    gc.collect()
    assert gone() is None
