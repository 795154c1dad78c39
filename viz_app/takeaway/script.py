"""Write steps of an iteration as a NumPy script that runs by itself, and prints the numbers that the window shows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from core.notation import Notation
from core.ops.base import show_shape
from core.ops.longhand import text_of
from core.program import Program, Step
from core.values import Array, Phase, Value
from viz_app.frame.words.captions import caption, title
from viz_app.takeaway.called import code_names
from viz_app.takeaway.literals import Keep, is_small, literal, packed
from viz_app.takeaway.snapshot import Snapshot

_WIDTH = 110
_OWN = frozenset({"np", "given", "file", "show", "Path", "BytesIO", "b64decode"})
"""The names that a script has for itself."""
_PHASES = {
    Phase.FORWARD: "Forward",
    Phase.LOSS: "Loss",
    Phase.BACKWARD: "Backward",
    Phase.UPDATE: "Update",
}
_SHOW = '''def show(step, name, value):
    """Print what a step has made."""
    shape = " x ".join(map(str, np.shape(value))) or "scalar"
    print(f"\\nStep {step}: {name} ({shape})")
    print(value)'''


@dataclass(frozen=True, eq=False)
class Script:
    """A script, and the arrays that it reads from an npz file beside it; mostly none."""

    text: str
    beside: Mapping[str, Array] = field(default_factory=dict)


def script(values: Snapshot, steps: Sequence[Step], keep: Keep, archive_name: str = "") -> Script:
    """Return steps as a script that needs nothing but NumPy.

    What the steps read and none of them makes is given: as numbers where they are few, else as ``keep`` says.

    Parameters
    ----------
    values : Snapshot
        With all that is given.
    steps : sequence of Step
        In order, at least one; all of them are an iteration.
    keep : Keep
        Where large arrays are.
    archive_name : str
        The name of the file beside the script, for ``Keep.BESIDE``.
    """
    given = {value.key: values.arrays[value.key] for value in given_to(steps)}
    return _Writer(values, steps).write(given, keep, archive_name)


def given_to(steps: Sequence[Step]) -> tuple[Value, ...]:
    """Return the values that steps read and none of them makes, in the order in which they are needed."""
    made = {step.output.key for step in steps}
    read = {value.key: value for step in steps for value in step.inputs}
    return tuple(value for key, value in read.items() if key not in made)


def variables(program: Program, notation: Notation) -> Mapping[str, str]:
    """Return what every value is called in a script, by key; no function of the script is called so."""
    helpers = {helper.__name__ for step in program.steps for helper in step.op.helpers}
    return code_names(program, notation, _OWN | helpers)


@dataclass(frozen=True)
class _Writer:
    values: Snapshot
    steps: Sequence[Step]

    @property
    def program(self) -> Program:
        return self.values.program

    def write(self, arrays: Mapping[str, Array], keep: Keep, archive_name: str) -> Script:
        names = variables(self.program, self.values.notation)
        large = {names[key]: array for key, array in arrays.items() if not is_small(array)}
        beside = large if keep is Keep.BESIDE else {}
        parts = [
            self._head(),
            "\n".join(_imports(large, keep)),
            f'np.seterr(all="ignore")  # what is no number is shown, and not warned of\n{self._printing()}',
            *(f"\n{text}" for text in (*self._helpers(), _SHOW)),
            "\n" + _heading("Given"),
        ]
        if large:
            opened = f'with np.load(Path(__file__).with_name("{archive_name}")) as file:\n    given = dict(file)'
            parts.append(opened if keep is Keep.BESIDE else packed(large, "given"))
        parts.append("\n".join(self._given(arrays, names)))
        parts += self._steps(names)
        if self._whole and self.program.updates:
            handed = ", ".join(f"{names[key]} = {names[after]}" for key, after in self.program.updates.items())
            parts.append(
                "\n".join(
                    wrap(
                        f"The next iteration begins with {handed}.", _WIDTH, initial_indent="# ", subsequent_indent="# "
                    )
                )
            )
        return Script("\n\n".join(parts) + "\n", beside)

    def _head(self) -> str:
        values = self.values
        what = f"Iteration {values.iteration}" if self._whole else f"{self._which()} of iteration {values.iteration}"
        first = f'"""{what} of {values.name} as NetStep computes it, in {values.dtype}. It needs nothing but NumPy.'
        rounded = ", ".join(sorted({step.op.title.lower() for step in self.steps if _rounds(step)}))
        exact = "The numbers are those of the window, to the last digit."
        nearly = (
            "The numbers are those of the window, but for their last digits: where they are written to be read, these "
            f"operations round in another order: {rounded}."
        )
        return "\n".join([first, "", *wrap(nearly if rounded else exact, _WIDTH), '"""'])

    @property
    def _whole(self) -> bool:
        return len(self.steps) == len(self.program.steps)

    def _which(self) -> str:
        first, last = self.steps[0].number, self.steps[-1].number
        if len(self.steps) == 1:
            return f"Step {first}"
        return f"Steps {first} to {last}" if last - first + 1 == len(self.steps) else f"{len(self.steps)} steps"

    def _printing(self) -> str:
        digits = 8 if self.values.dtype == "float32" else 17
        return f"np.set_printoptions(precision={digits}, linewidth=120)"

    def _helpers(self) -> Iterator[str]:
        """Yield the functions that the steps call, each once."""
        helpers: dict[Callable[..., object], None] = {}
        for step in self.steps:
            helpers.update(dict.fromkeys(step.op.helpers))
        return map(text_of, helpers)

    def _given(self, arrays: Mapping[str, Array], names: Mapping[str, str]) -> Iterator[str]:
        for key, array in arrays.items():
            value, name = self.program.values[key], names[key]
            right = literal(array) if is_small(array) else f'given["{name}"]'
            yield f"# {name}: {value.role}, {show_shape(value.shape).replace('×', 'x')}"
            yield f"{name} = {right}"

    def _steps(self, names: Mapping[str, str]) -> Iterator[str]:
        phase = None
        for step in self.steps:
            if step.phase is not phase:
                phase = step.phase
                yield "\n" + _heading(_PHASES[phase])
            output, *inputs = (names[value.key] for value in (step.output, *step.inputs))
            said = f"# Step {step.number}: {title(self.program, step)}.\n# {caption(step, inputs)}"
            yield f'{said}\n{output} = {step.op.source(*inputs)}\nshow({step.number}, "{output}", {output})'


def _rounds(step: Step) -> bool:
    return step.op.rounds(*(value.shape for value in step.inputs))


def _imports(large: Mapping[str, Array], keep: Keep) -> Iterator[str]:
    if large and keep is Keep.PACKED:
        yield "from base64 import b64decode"
        yield "from io import BytesIO\n"
    elif large:
        yield "from pathlib import Path\n"
    yield "import numpy as np"


def _heading(text: str) -> str:
    return f"# {text} ".ljust(_WIDTH, "-")
