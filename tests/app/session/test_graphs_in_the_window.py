"""A network that branches, meets and holds a block is stepped through and drawn as any other."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from core.data.dataset import Dataset
from core.experiment import Experiment
from core.iteration import compile_iteration
from core.layers import Activate, Block, Concatenate, Dense, LastToken, Node, SelfAttention, Sum
from core.network import Graph, Input
from core.optimizers import SGD
from core.options import Options
from tests.steps import telling
from viz_app.frame.frame import Frame
from viz_app.paint.painting import paint
from viz_app.paint.theme import LIGHT
from viz_app.picture.network import arrange_network
from viz_app.picture.stages import arrange
from viz_app.session.session import Session

WIDTH, HEIGHT, EM = 1280, 720, 16
BATCH_SIZE = 2
BLOCK = Block(
    "attention block",
    (
        Node("attention", SelfAttention(2, 4), ("x",)),
        Node("sum", Sum(), ("x", "attention")),
        Node("act", Activate("gelu"), ("sum",)),
    ),
    "act",
)
GRAPH = Graph(
    {"x": Input((3, 4))},
    (
        Node("block_1", BLOCK, ("x",)),
        Node("hidden", Dense(4, "relu"), ("block_1",)),
        Node("skip", Sum(), ("block_1", "hidden", "x")),
        Node("joined", Concatenate(), ("skip", "hidden")),
        Node("last", LastToken(), ("joined",)),
        Node("out", Dense(3, "softmax", output_names=("a", "b", "c")), ("last",)),
    ),
    "out",
)


def experiment() -> Experiment:
    generator = np.random.default_rng(1)
    dataset = Dataset("random", generator.normal(size=(6, 3, 4)), np.tile(np.eye(3), (2, 1)))
    program = compile_iteration(GRAPH, "cross_entropy", SGD(0.1), BATCH_SIZE)
    return Experiment("own", program, GRAPH.initial(0), Options(batch_size=BATCH_SIZE), GRAPH, dataset)


@pytest.fixture
def session(qapp: QApplication) -> Iterator[Session]:
    session = Session(experiment())
    yield session
    session.deleteLater()


def painted(frame: Frame) -> QImage:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.base))
    with QPainter(image) as painter:
        paint(painter, arrange(frame, WIDTH, HEIGHT, EM), LIGHT)
        paint(painter, arrange_network(frame, 300, EM), LIGHT)
    return image


def test_every_step_up_to_the_next_iteration_is_arranged_and_painted(session: Session) -> None:
    steps, seen = session.frame.program.steps, telling(session.frame.program)
    empty = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    empty.fill(QColor(LIGHT.base))
    for step in steps:
        assert session.frame.step is step
        assert session.frame.warning is None
        if step in seen:
            assert painted(session.frame) != empty, session.frame.title
            session.navigation.enter()
            assert painted(session.frame) != empty, session.frame.title
            session.navigation.leave()
        session.navigation.step(1)
    assert session.frame.cursor.iteration == 1
    painted(session.frame)


def test_the_network_is_shown_by_its_nodes(session: Session) -> None:
    shown = [layer.name for layer in session.frame.layers]
    nodes = [f"{node.name}: {node.layer.name}" for node in GRAPH.nodes]
    assert [name for name in shown if name in ("Data", *nodes, "Loss")] == ["Data", *nodes, "Loss"]
