"""Time contestants side by side: in turn, round after round, so that whatever else the machine does hits them alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

TURN_SECONDS = 0.04
PAUSE_SECONDS = 0.03
"""Between two turns: the threads of one contestant wait for more work for a while, and would disturb the next."""

Run = Callable[[], object]


@dataclass(frozen=True)
class Result:
    """The seconds that a call of each contestant took, round by round."""

    seconds: Mapping[str, Sequence[float]]

    def rate(self, name: str, samples: int) -> float:
        """Return the median samples per second."""
        return samples / median(self.seconds[name])

    def best_rate(self, name: str, samples: int) -> float:
        """Return the samples per second of the best turn: what nothing else on the machine got in the way of."""
        return samples / min(self.seconds[name])

    def ratio(self, name: str, other: str) -> float:
        """Return how many times faster one is than the other: the median over the rounds."""
        pairs = zip(self.seconds[name], self.seconds[other], strict=True)
        return median(theirs / own for own, theirs in pairs)

    def fastest(self, names: Sequence[str]) -> str:
        """Return the contestant with the smallest median."""
        return min(names, key=lambda name: median(self.seconds[name]))


def contest(contestants: Mapping[str, Run], seconds: float) -> Result:
    """Run all contestants in turn for so many seconds altogether.

    Parameters
    ----------
    contestants : mapping of str to callable
        Each call is one batch.
    seconds : float
        How long, at least three rounds.
    """
    calls = {name: _calls_per_turn(run) for name, run in contestants.items()}
    rounds = max(3, round(seconds / (1.5 * TURN_SECONDS + PAUSE_SECONDS) / len(contestants)))
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            time.sleep(PAUSE_SECONDS)
            _time(run, -(-calls[name] // 2))
            times[name].append(_time(run, calls[name]))
    return Result(times)


def _calls_per_turn(run: Run) -> int:
    """Warm up, and return how many calls make a turn."""
    _time(run, 3)
    return max(1, round(TURN_SECONDS / min(_time(run, 1) for _ in range(5))))


def _time(run: Run, calls: int) -> float:
    """Return the seconds that one call takes, on average over so many."""
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - start) / calls
