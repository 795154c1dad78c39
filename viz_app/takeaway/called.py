"""Call every value of a program by a name of its own that can stand in code."""

from collections.abc import Collection, Mapping
from keyword import iskeyword

from core.notation import Notation, code_name
from core.program import Program


def code_names(program: Program, notation: Notation, reserved: Collection[str] = ()) -> Mapping[str, str]:
    """Return what every value is called, by key: as the inspector calls it, and never as anything that is reserved."""
    taken, names = set(reserved), {}
    for key, value in program.values.items():
        name = code_name(program, value, notation)
        while name in taken or iskeyword(name):
            name += "_"
        taken.add(name)
        names[key] = name
    return names
