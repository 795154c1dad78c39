"""Say what is taken away in which files, and write them whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from core.experiment import Experiment
from core.program import Step
from core.values import Array
from core.wording import counted
from viz_app.frame.frame import MapView
from viz_app.takeaway.archive import archive
from viz_app.takeaway.curves import RunCurves
from viz_app.takeaway.literals import Keep
from viz_app.takeaway.script import script
from viz_app.takeaway.snapshot import Snapshot
from viz_app.takeaway.table import curves_table, map_table
from viz_app.takeaway.torch.script import torch_script
from viz_app.takeaway.values import value_arrays
from viz_app.whole_file import check_files, whole_file

Files = Mapping[Path, bytes]
"""What is written where, the file that was asked for last."""


def beside(path: Path) -> Path:
    """Return the file for large arrays beside a script."""
    return path.with_name(f"{path.stem}-arrays.npz")


def script_files(values: Snapshot, steps: Sequence[Step], path: Path) -> Files:
    """Return a NumPy script of steps, and its large arrays in a file beside it."""
    written = script(values, steps, Keep.BESIDE, beside(path).name)
    return _with_arrays(path, written.text, written.beside)


def torch_files(values: Snapshot, experiment: Experiment, path: Path) -> Files:
    """Return the network as a PyTorch script, and its weights in a file beside it.

    Raises
    ------
    UnsayableError
        If something has no words in PyTorch.
    """
    written = torch_script(experiment, values, beside(path).name)
    return _with_arrays(path, written.text, written.beside)


def values_file(values: Snapshot, path: Path) -> Files:
    """Return values with their table of contents, as an npz file."""
    return {path: archive(value_arrays(values))}


def table_file(view: MapView, path: Path) -> Files:
    """Return a map as a table."""
    return {path: map_table(view).encode()}


def curves_file(runs: Iterable[RunCurves], path: Path) -> Files:
    """Return the curves of runs as a table."""
    return {path: curves_table((run.name, run.curves.losses, run.curves.judged) for run in runs).encode()}


def write_files(files: Files, *, overwrite: bool) -> None:
    """Write files, whole or not at all.

    Raises
    ------
    FileExistsError
        If one of them is there already, and may not be replaced; then none is written.
    OSError
        If one cannot be written.
    """
    check_files(files, overwrite=overwrite)
    with ExitStack() as stack:  # all are written aside before the first one has its name
        for path, content in files.items():
            stack.enter_context(whole_file(path, overwrite=overwrite)).write(content)


def told(files: Files) -> str:
    """Return in a sentence what has been written."""
    *others, last = files
    size = sum(map(len, files.values()))
    also = f", and its arrays into {others[0].name}" if others else ""
    return f"Wrote {last}{also} ({_amount(size)})."


def _amount(size: int) -> str:
    return (
        counted(size, "byte") if size < 10_000 else f"{size / 1e3:,.0f} kB" if size < 1e7 else f"{size / 1e6:,.1f} MB"
    )


def _with_arrays(path: Path, text: str, arrays: Mapping[str, Array]) -> Files:
    script_itself = {path: text.encode()}
    return {beside(path): archive(arrays), **script_itself} if arrays else script_itself
