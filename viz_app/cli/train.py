"""Train a network without a window: a bar while it learns, then a table of what it has learnt."""

import csv
import io
import math
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from core.experiment import Experiment
from core.options import OptionError
from core.run.evaluation import Evaluation
from core.run.run import Run
from core.run.training import Goal, Report, Training
from core.saved import weights_of
from core.weights import weights_file
from core.wording import sentence
from viz_app.cli.files import check_file, named, parse_file, unwritable
from viz_app.cli.image import guest_of
from viz_app.cli.opening import open_experiment
from viz_app.cli.progress import ProgressBar
from viz_app.cli.tables import write_table
from viz_app.whole_file import check_files, whole_file

_BATCH, _SHARE, _FEW = 64, 10, 100
"""The usual batch; one sample of so many is held back, unless there are few."""
_ROWS = 20
"""More epochs than that are not all told."""


def train_network(arguments: Namespace) -> int:
    """Train a network; write it, and the losses, where that was asked for.

    Raises
    ------
    OptionError
        If it is not trained on samples, an argument makes no sense, or a file cannot be written.
    """
    experiment, goal = _prepared(arguments), _goal(arguments)
    out, table = (parse_file(text) if text is not None else None for text in (arguments.out, arguments.csv))
    paths = [path for path in (out, table) if path is not None]
    for path in paths:
        check_file(path)
    run = experiment.run()
    try:
        check_files(paths, overwrite=arguments.force)
        start = time.monotonic()
        reports = _reports(experiment, run, goal)
        seconds = time.monotonic() - start
        if out:
            done = reports[-1].iteration + 1
            _write(out, weights_file(weights_of(experiment, run.state(done), done)), force=arguments.force)
        if table:
            _write(table, _losses(reports), force=arguments.force)
    except OSError as error:
        raise unwritable(Path(error.filename or paths[0]), error) from None
    _tell(experiment, reports, seconds)
    for path in paths:
        sys.stdout.write(f"Wrote {named(path)}\n")
    return 0


def _prepared(arguments: Namespace) -> Experiment:
    """Return the experiment, with the batch and the samples held back that suit its data unless they were said."""
    if arguments.image is not None:
        raise OptionError("Expected data to train on; one image is none: leave --image out, or open a window with it.")
    experiment = open_experiment(arguments)
    guest_of(experiment, arguments)
    if experiment.dataset is None or experiment.network is None or not experiment.trainable:
        raise OptionError(f"Expected a preset that is trained on samples; {experiment.preset} is not.")
    count = len(experiment.dataset)
    usual = experiment.dataset.held_back or (count // _SHARE if count >= _FEW else 0)
    held_back = usual if arguments.held_back is None else arguments.held_back
    batch = arguments.batch or max(1, min(_BATCH, count - held_back))
    if batch != experiment.options.batch_size:
        experiment = open_experiment(Namespace(**{**vars(arguments), "batch": batch}), own=experiment.own)
    more = {"shuffle": not arguments.in_order, "held_back": held_back, "schedule": arguments.schedule}
    return experiment.changed(0, experiment.options.changed(**more))


def _goal(arguments: Namespace) -> Goal:
    try:
        return Goal(epochs=arguments.epochs, patience=arguments.patience)
    except ValueError as error:
        raise OptionError(sentence(error)) from None


def _reports(experiment: Experiment, run: Run, goal: Goal) -> list[Report]:
    """Train to the goal, with a bar of the epochs."""
    assert goal.epochs is not None
    total = max(1, math.ceil(goal.epochs))
    reports: list[Report] = []
    show = ProgressBar()
    for report in Training(experiment, run, goal).reports():
        reports.append(report)
        if report.train is not None or report.stopped:
            show(total if report.stopped else min(int(report.epochs), total - 1), total)
    return reports


def _losses(reports: Sequence[Report]) -> bytes:
    """Return the losses as a table: a row for each mini-batch, and how good the network is where an epoch ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["iteration", "epochs", "loss", "train_loss", "train_accuracy", "test_loss", "test_accuracy"])
    for report in reports:
        judged = [part for one in (report.train, report.test) for part in _numbers(one)]
        numbers = [report.epochs, report.loss, *judged]
        writer.writerow([report.iteration, *("" if n is None else repr(float(n)) for n in numbers)])
    return text.getvalue().encode()


def _numbers(judged: Evaluation | None) -> tuple[float | None, float | None]:
    return (None, None) if judged is None else (judged.loss, judged.accuracy)


def _write(path: Path, data: bytes, *, force: bool) -> None:
    with whole_file(path, overwrite=force) as stream:
        stream.write(data)


def _tell(experiment: Experiment, reports: Sequence[Report], seconds: float) -> None:
    """Print a row for each epoch, and why training has stopped."""
    ends = [report for report in reports if report.train is not None]
    if len(ends) > _ROWS:
        step = -(-len(ends) // _ROWS)
        ends = [*ends[step - 1 : -1 : step], ends[-1]]
    header = ("epoch", "iteration", "training loss", "accuracy", "test loss", "accuracy")
    shown = 6 if experiment.held_back else 4
    rows = [
        [
            f"{report.epochs:.0f}",
            str(report.iteration + 1),
            *(text for one in (report.train, report.test) for text in map(_text, _numbers(one), (".6g", ".2%"))),
        ][:shown]
        for report in ends
    ]
    if rows:
        write_table(header[:shown], rows, right=range(shown))
    rate = (reports[-1].iteration + 1) * experiment.options.batch_size / max(seconds, 1e-9)
    sys.stdout.write(f"{reports[-1].stopped} {rate:,.0f} samples/s, judging included.\n")


def _text(number: float | None, form: str) -> str:
    return "" if number is None else format(number, form)
