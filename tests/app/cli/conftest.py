"""Fixtures for the command line: an empty folder, and an exporter that draws nothing."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from core.data.guest import Guest
from core.experiment import Experiment


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Record what the exporter is asked for instead of drawing it."""
    calls: list[tuple[Any, ...]] = []

    def export_steps(
        experiment: Experiment,
        steps: range,
        directory: Path,
        size: tuple[int, int],
        theme: str,
        progress: Callable[[int, int], None],
        cells: int,
        *,
        overwrite: bool,
        guest: Guest | None,
    ) -> None:
        assert directory.is_dir()
        calls.append((experiment.preset, steps, directory, size, theme, cells))
        for done in range(1, len(steps) + 1):
            progress(done, len(steps))

    module = ModuleType("viz_app.export.png")
    module.__dict__["export_steps"] = export_steps
    monkeypatch.setitem(sys.modules, "viz_app.export.png", module)
    return calls
