"""Say what the rows and columns of a value are called: the tokens of the samples that are shown, not of any sample."""

from dataclasses import dataclass

from core.run.trace import Trace
from core.values import Role, Value

Names = tuple[str, ...]


@dataclass(frozen=True)
class TokenNames:
    """What the tokens of the batch are called, in place of the names that the program has for those of any sample.

    Parameters
    ----------
    general : tuple of str
        What the program calls the tokens: ``object 1``.
    samples : tuple of tuples of str
        What they are in every sample of the batch: ``green circle``.
    """

    general: Names = ()
    samples: tuple[Names, ...] = ()

    def of(self, names: Names, sample: int) -> Names:
        """Return what stands for the names of an axis: of one sample, or of all samples below each other."""
        if not self.samples or not set(names) <= set(self.general):
            return names
        if len(names) == len(self.samples) * len(self.general) and len(self.samples) > 1:
            return tuple(name for tokens in self.samples for name in tokens)
        called = dict(zip(self.general, self.samples[sample], strict=True))
        return tuple(called[name] for name in names)


NO_NAMES = TokenNames()


def token_names(trace: Trace, iteration: int) -> TokenNames:
    """Return what the tokens of an iteration's samples are called."""
    samples = trace.token_names(iteration) if trace.token_names else ()
    general = next((names for value in trace.program.inputs if (names := _of_tokens(value))), ())
    return TokenNames(general, samples) if general and samples else NO_NAMES


def _of_tokens(value: Value) -> Names:
    """Return the names of the tokens of the network's input, where it has some."""
    if value.role is not Role.INPUT or value.axis_names is None or len(value.shape) != 3:
        return ()
    return value.axis_names[1] or ()
