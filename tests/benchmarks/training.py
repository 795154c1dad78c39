"""Samples per second through the executor, against PyTorch eager and against the bare matrix products.

    python tests/benchmarks/training.py --preset mlp-784-800-10
    python tests/benchmarks/training.py --preset conv-digits --batches 64
    python tests/benchmarks/training.py --optimizer adam --batches 64 --alone

All train the same network from the same numbers in float32, on the same number of threads, in turn, round after round.
The loss is part of the work of all. Rates and ratios are medians over the rounds, then of the best turns, which tell
more where the machine has other things to do; above 1 the executor is faster. In turns whoever shares a core with the
waiting threads of another loses; with --alone each contestant runs in a process of its own, one after the other.
"""

import argparse
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

if not __package__:  # started by its path: find the tests by theirs
    sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from core.experiment import Experiment
from core.iteration import compile_iteration
from core.network import Network
from core.ops.linear import MatMul
from core.ops.windows.convolution_base import Convolution
from core.optimizers import OPTIMIZERS
from core.options import LEARNING_RATE, OptionError
from core.presets import open_preset
from core.program import Program
from core.run.executor import Executor
from core.values import Array
from tests.benchmarks.by_hand import ByHand
from tests.benchmarks.contest import Result, Run, contest

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
EXECUTOR, PRODUCTS, BY_HAND = "executor", "matrix products", "NumPy by hand"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the contest and print its table."""
    options = parser().parse_args(arguments)
    fix_threads(options.threads)
    try:
        experiment = open_preset(options.preset)
    except OptionError as error:
        parser().error(str(error))
    print(f"{options.preset}, {options.optimizer}, float32, {options.threads} threads; NumPy {np.__version__}", end="")
    if find_spec("torch"):
        import torch

        torch.set_num_threads(options.threads)
        print(f", PyTorch {torch.__version__}")
    else:
        print("\nPyTorch is not installed: it does not take part.")
    print(f"{'batch':>6} {'contestant':<20} {'samples/s':>12} {'executor':>9} {'best turn':>12} {'executor':>9}")
    for batch_size in options.batches:
        result = compare(experiment, options, batch_size)
        print(json.dumps(result.seconds[options.only]) if options.only else "\n".join(rows(result, batch_size)))
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    result = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("--preset", default="mlp-784-800-10", help="a network that ends in softmax")
    result.add_argument("--batches", type=sizes, default=(1, 16, 64, 256), help="batch sizes (default: 1,16,64,256)")
    result.add_argument("--optimizer", choices=tuple(OPTIMIZERS), default="sgd", help="the update rule (default: sgd)")
    result.add_argument("--alone", action="store_true", help="each contestant in a process of its own")
    result.add_argument("--only", default=None, help=argparse.SUPPRESS)
    result.add_argument("--seconds", type=float, default=12.0, help="how long for each batch size (default: 12)")
    result.add_argument("--threads", type=int, default=os.cpu_count(), help="for all (default: one for each core)")
    return result


def sizes(text: str) -> tuple[int, ...]:
    """Read batch sizes: ``1,16,64``."""
    return tuple(int(size) for size in text.split(","))


def fix_threads(threads: int) -> None:
    """Start again with the number of threads in the environment, which BLAS reads when it is loaded."""
    wanted = dict.fromkeys(THREADS, str(threads))
    if any(os.environ.get(key) != number for key, number in wanted.items()):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **wanted})


def compare(experiment: Experiment, options: argparse.Namespace, batch_size: int) -> Result:
    """Let the contestants run in turn, or each in a process of its own."""
    everybody = contestants(experiment, batch_size, options.optimizer)
    if options.only:
        everybody = {options.only: everybody[options.only]}
    if not options.alone:
        return contest(everybody, options.seconds)
    seconds = options.seconds / len(everybody)
    return Result({name: alone(options, name, batch_size, seconds) for name in everybody})


def alone(options: argparse.Namespace, name: str, batch_size: int, seconds: float) -> Sequence[float]:
    """Return the seconds that the calls of one contestant take in a process where no other runs."""
    told = {"preset": options.preset, "optimizer": options.optimizer, "threads": options.threads}
    told |= {"batches": batch_size, "seconds": seconds, "only": name}
    command = [sys.executable, __file__, *(f"--{option}={value}" for option, value in told.items())]
    *_, last = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(json.loads(last))


def contestants(experiment: Experiment, batch_size: int, optimizer: str) -> Mapping[str, Run]:
    """Return who takes part, by name; each call trains one batch."""
    network, dataset = experiment.network, experiment.dataset
    if network is None or dataset is None:
        raise SystemExit(f"{experiment.preset} is not trained on a data set: expected a preset that is.")
    rate = experiment.program.hyperparameters[LEARNING_RATE]
    rule = OPTIMIZERS[optimizer](learning_rate=rate)  # type: ignore[call-arg]
    program = compile_iteration(network, experiment.loss, rule, batch_size)
    taken = dataset.take([sample % len(dataset) for sample in range(batch_size)])
    data = {key: array.astype("float32") for key, array in taken.items()}
    state = {**program.initial(0, "float32"), **experiment.parameters}
    executor = Executor(program, state)
    others = dict(pytorch(network, program, state, data, rate, optimizer)) if find_spec("torch") else {}
    if not any(isinstance(step.op, Convolution) for step in program.steps):
        others[PRODUCTS] = products(program)
        others |= by_hand(network, program, state, data, rate) if optimizer == "sgd" else {}

    def train() -> None:
        executor.run(data)

    return {EXECUTOR: train, **others}


def by_hand(
    network: Network, program: Program, state: Mapping[str, Array], data: Mapping[str, Array], rate: float
) -> Mapping[str, Run]:
    """Return the training in NumPy by hand; none where this benchmark has not written it."""
    try:
        training = ByHand(network, state, data, rate)
    except ValueError as error:
        print(f"{BY_HAND} does not take part: {error}.")
        return {}
    check_agreement(BY_HAND, Executor(program, state), ByHand(network, state, data, rate), data)
    return {BY_HAND: training}


def pytorch(
    network: Network,
    program: Program,
    state: Mapping[str, Array],
    data: Mapping[str, Array],
    rate: float,
    optimizer: str,
) -> Mapping[str, Run]:
    """Return the ways that PyTorch trains the network; none where this benchmark cannot write it in PyTorch."""
    from tests.benchmarks.pytorch import Training

    try:
        training = Training(network, state, data, rate, optimizer)
    except ValueError as error:
        print(f"PyTorch does not take part: {error}.")
        return {}

    def train() -> float:
        loss = training.loss()
        training.with_optimizer()
        return loss

    check_agreement("PyTorch", Executor(program, state), train, data)
    return training.ways()


def check_agreement(name: str, executor: Executor, train: Callable[[], float], data: Mapping[str, Array]) -> None:
    """Stop if the other one does not train the same network."""
    for _ in range(3):
        expected, got = executor.run(data), train()
        if expected is None or not math.isclose(expected, got, rel_tol=1e-3):
            raise SystemExit(f"{name} does not train the same network: its loss is {got}, here it is {expected}.")


def products(program: Program) -> Run:
    """Return a call that does nothing but the program's matrix products, each into its own array."""
    generator = np.random.default_rng(0)
    steps = [step for step in program.steps if isinstance(step.op, MatMul)]
    keys = {value.key: value.shape for step in steps for value in (*step.inputs, step.output)}
    arrays = {key: generator.normal(size=shape).astype("float32") for key, shape in keys.items()}
    pairs: list[tuple[Array, Array, Array]] = []
    for step in steps:
        a, b = (arrays[value.key] for value in step.inputs)
        op = step.op
        assert isinstance(op, MatMul)
        a, b = np.swapaxes(a, -1, -2) if op.transpose_a else a, np.swapaxes(b, -1, -2) if op.transpose_b else b
        pairs.append((a, b, np.empty(step.output.shape, "float32")))

    def multiply() -> None:
        for a, b, out in pairs:
            np.matmul(a, b, out=out)

    return multiply


def rows(result: Result, batch_size: int) -> list[str]:
    """Return the lines of the table for a batch size."""
    own, best = (rate(EXECUTOR, batch_size) for rate in (result.rate, result.best_rate))
    lines = [f"{batch_size:>6} {EXECUTOR:<20} {own:>12,.0f} {'':>9} {best:>12,.0f}"]
    for name in result.seconds:
        if name != EXECUTOR:
            rate, theirs = result.rate(name, batch_size), result.best_rate(name, batch_size)
            ratio = result.ratio(EXECUTOR, name)
            lines.append(f"{'':>6} {name:<20} {rate:>12,.0f} {ratio:>7.2f} x {theirs:>12,.0f} {best / theirs:>7.2f} x")
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
