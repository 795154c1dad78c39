"""Fixtures for the command line: an empty folder, and an exporter that draws nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from viz_app.export import job
from viz_app.export.job import Job


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Record what the exporter is asked for instead of drawing it."""
    jobs: list[Job] = []

    def export_all(job: Job, progress: Callable[[int, int], None]) -> None:
        assert job.target.is_dir() or job.target.parent.is_dir()
        jobs.append(job)
        for done in range(1, len(job.places) + 1):
            progress(done, len(job.places))

    monkeypatch.setattr(job, "export_all", export_all)
    return jobs


def steps_of(job: Job) -> list[Any]:
    """Return the steps that a job exports."""
    return [place.step for place in job.places]
