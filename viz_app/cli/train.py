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
from core.run.record import Judged, Series
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
from viz_app.takeaway.kinds import PICTURES
from viz_app.whole_file import check_files, whole_file
from viz_app.window.starting.display import missing_to_draw

_BATCH, _SHARE, _FEW = 64, 10, 100
"""The usual batch; one sample of so many is held back, unless there are few."""
_JUDGED = Judged.TRAIN_LOSS, Judged.TRAIN_ACCURACY, Judged.TEST_LOSS, Judged.TEST_ACCURACY
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
    given = arguments.out, arguments.csv, arguments.curves
    out, table, curves = (parse_file(text) if text is not None else None for text in given)
    paths = [path for path in (out, table, curves) if path is not None]
    for path in paths:
        check_file(path)
    if curves:
        _check_curves(curves)
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
        if curves:
            _write(curves, _drawn(experiment, reports, curves), force=arguments.force)
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


def _check_curves(path: Path) -> None:
    """Check that curves can be drawn into a file."""
    endings = [kind.ending for kind in PICTURES]
    if path.suffix.lower() not in endings:
        raise OptionError(
            f"Expected a name that ends with one of {', '.join(endings)} for --curves; got {named(path)}."
        )
    if problem := missing_to_draw():
        raise OptionError(problem)


def _drawn(experiment: Experiment, reports: Sequence[Report], path: Path) -> bytes:
    """Return the curves of a run as a picture."""
    from viz_app.export.drawn import encoded  # late: it loads Qt
    from viz_app.frame.look import Look
    from viz_app.takeaway.curves import SIZE, RunCurves, curves_picture
    from viz_app.widgets.curves.runs import CurvesOf

    losses = Series.of([(report.iteration, report.loss) for report in reports if report.loss is not None])
    judged: dict[Judged, list[tuple[int, float]]] = {kind: [] for kind in Judged}
    for report in reports:
        found = (*_numbers(report.train), *_numbers(report.test))
        for kind, number in zip(_JUDGED, found, strict=True):
            if number is not None:
                judged[kind].append((report.iteration + 1, number))
    curves = CurvesOf(losses, {kind: Series.of(pairs) for kind, pairs in judged.items()})
    run = RunCurves(experiment.preset, curves, experiment.take_other_samples(losses.iterations))
    title = f"Curves of {experiment.preset}"
    return encoded(curves_picture([run], title), Look(SIZE, scale=2.0), path, title)


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
