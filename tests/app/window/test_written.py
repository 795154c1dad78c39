"""What is written by hand into a widget stays inside its room: Qt cuts nothing off that a painter writes."""

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap


@pytest.fixture
def too_wide(monkeypatch):
    """Return the texts that are painted wider than the rectangle that they are for."""
    found, paint = [], QPainter.drawText

    def draw(painter, *given):
        room, text = given[0], given[-1]
        if isinstance(room, (QRect, QRectF)) and isinstance(text, str) and "\n" not in text:
            wide = painter.fontMetrics().horizontalAdvance(text)
            found.extend([(text, wide, room.width())] if wide > room.width() + 1 else [])
        return paint(painter, *given)

    monkeypatch.setattr(QPainter, "drawText", draw)
    return found


@pytest.mark.parametrize("preset", ["transformer", "attention", "vision-transformer"])
def test_no_text_is_wider_than_its_room(open_window, too_wide, preset):
    window = open_window(preset, (1280, 720))
    session = window.session
    for scale in (100, 200):
        window.parts.appearance.set_scale(scale)
        for step in (0, len(session.frame.program.steps) // 2):
            session.navigation.go_to_step(step)
            window.grab()
            for panel in window.panels:
                panel.grab()
    assert not too_wide, too_wide


def test_the_check_sees_a_text_that_is_too_wide(qapp, too_wide):
    paper = QPixmap(100, 20)
    with QPainter(paper) as painter:
        painter.drawText(QRectF(0, 0, 10, 20), 0, "wider than this")
    assert [text for text, *_ in too_wide] == ["wider than this"]
