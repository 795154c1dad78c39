"""What tests of the window have in common."""

import pytest
from PySide6.QtWidgets import QFileDialog


@pytest.fixture
def choose(monkeypatch):
    """Return a function that answers the next file dialogs, and returns the names that they suggested."""
    suggested = []

    def answer(name):
        def dialog(parent, title, suggestion, kinds):
            suggested.append(suggestion)
            return str(name) if name else "", ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", dialog)
        return suggested

    return answer
