"""Say what the rows and columns of a value are called: the tokens of the samples that are shown, not of any sample."""

from dataclasses import dataclass

from core.run.trace import Trace
from core.values import Axis, AxisKind

Names = tuple[str, ...]


@dataclass(frozen=True)
class TokenNames:
    """What the tokens of the batch are called, in place of the names that the program has for those of any sample.

    Parameters
    ----------
    samples : tuple of tuples of str
        What they are in every sample of the batch: ``green circle``.
    """

    samples: tuple[Names, ...] = ()

    def of(self, axis: Axis, sample: int) -> Names:
        """Return what the positions along an axis are called: in one sample, or in all samples below each other."""
        if axis.names is None:
            return ()
        if axis.kind is not AxisKind.TOKEN or not self.samples:
            return axis.all_names or ()
        if axis.repeats == len(self.samples) > 1:
            return tuple(name for tokens in self.samples for name in tokens)
        return self.samples[sample][-len(axis.names) :]


NO_NAMES = TokenNames()


def token_names(trace: Trace, iteration: int) -> TokenNames:
    """Return what the tokens of an iteration's samples are called."""
    return TokenNames(trace.token_names(iteration)) if trace.token_names else NO_NAMES
