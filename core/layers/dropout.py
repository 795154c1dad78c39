"""Drop numbers at random while a network learns."""

from dataclasses import dataclass
from typing import Annotated

from core.builder import Builder
from core.initialisers import ZEROS, Initialiser
from core.layers.base import Layer
from core.layers.fields import Real
from core.ops.base import Purpose, ShapeError
from core.ops.dropping import DropoutMask
from core.ops.elementwise import Hadamard
from core.ops.limits import Shift
from core.values import Range, Role, Value, is_number


@dataclass(frozen=True)
class Dropout(Layer):
    """Drop numbers at random while a network learns: out = input ⊙ mask.

    The mask is drawn from the seed and the number of the iteration, so that going back meets the same one. What stays
    is scaled up by 1 / (1 - rate); when the network has learnt, nothing is dropped and nothing scaled.

    Parameters
    ----------
    rate : float
        The probability with which a number is dropped, from 0 to less than 1.

    Raises
    ------
    ShapeError
        If the rate is no probability below 1.

    References
    ----------
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting" (2014).
    """

    called = "dropout"

    rate: Annotated[float, Real(0.0, 1.0, open="most")] = 0.5

    def check(self) -> None:
        if not is_number(self.rate) or not 0 <= self.rate < 1:
            raise ShapeError(f"expected a rate from 0 to less than 1; got {self.rate!r}")

    @property
    def name(self) -> str:
        return f"dropout {self.rate:g}"

    def build(self, builder: Builder, *inputs: Value) -> Value:
        (x,) = inputs
        seed = builder.shared_state("mask_seed", Initialiser("seed"), "s", Role.CHANCE)
        turn = builder.shared_state("turn", ZEROS, "t", Role.CHANCE)
        if not builder.training:
            return x
        if builder.state[turn.key] == turn.key:
            builder.later(_Turn(builder, turn))
        stream = sum(isinstance(step.op, DropoutMask) for step in builder.steps)
        op = DropoutMask(x.shape, float(self.rate), stream)
        mask = builder.apply(op, seed, turn, key="mask", axes=x.axes, range=Range.NON_NEGATIVE, purpose=_MASK)
        return builder.apply(Hadamard(), x, mask, key="out", role=Role.OUT, purpose=_DROPPED)


@dataclass(frozen=True)
class _Turn:
    """The step that counts iterations, appended once however many layers ask for it."""

    builder: Builder
    turn: Value

    def __call__(self) -> None:
        if self.builder.state[self.turn.key] == self.turn.key:
            one = self.builder.constant("one", 1.0, "1")
            after = self.builder.append(
                Shift(),
                (one, self.turn),
                f"new_{self.turn.key}",
                role=Role.UPDATED,
                range=Range.NON_NEGATIVE,
                symbol=r"t^{\mathrm{new}}",
                purpose=_NEXT,
            )
            self.builder.hand_on(self.turn, after)


_MASK = Purpose(
    "Which numbers stay in this iteration; those that do are scaled up to make good for the others.",
    why="Noise that is new in every iteration keeps neurons from relying on each other; scaled up, the sum stays the "
    "same on the average.",
    look="Go to the next iteration: another mask is drawn; go back, and it is the old one again.",
)
_DROPPED = Purpose(
    "What the mask drops is 0 for this iteration; what stays is a little larger.",
    why="A neuron that may vanish at any time cannot be the only one that knows something.",
    look="The zeros of {c} are those of {b}, and get no gradient either.",
)
_NEXT = Purpose(
    "The iterations are counted, so that each draws a mask of its own.",
    why="A mask is drawn from the seed and this number alone, so that going back meets the same mask.",
    look="Nothing but the masks depends on it.",
)
