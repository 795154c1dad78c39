"""Cards in rows: each has the height that its text needs, whatever changes."""

from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget

from viz_app.widgets.layouts.card_grid import CardGrid


def card(label):
    widget = QWidget()
    QVBoxLayout(widget).addWidget(label)
    return widget


def test_cards_that_were_arranged_anew_follow_their_text(qtbot):
    area, grid = QScrollArea(widgetResizable=True), CardGrid()
    qtbot.addWidget(area)
    labels = [QLabel("short", wordWrap=True) for _ in range(4)]
    area.setWidget(grid)
    area.resize(450, 200)
    area.show()
    grid.show_cards([card(label) for label in labels])
    for least, columns in ((150, 2), (400, 1), (190, 2)):
        grid.set_least_width(least)
        QApplication.processEvents()
        assert grid.columns == columns
        for text in ("many words " * 20, "short", "many words " * 40):
            labels[1].setText(text)
            qtbot.waitUntil(lambda: labels[1].height() >= labels[1].heightForWidth(labels[1].width()), timeout=2000)
