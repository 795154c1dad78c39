"""Sessions of every kind: what a person may have made of one before it is saved."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from core.data.guest import Guest
from core.layers import BatchNorm, Dense, Dropout, Node, Sum
from core.network import Graph, Input, Network
from core.notation import Notation
from core.presets import open_preset
from core.run.breakpoints import AtNorm, AtNumber, AtStep, Side
from core.run.training import Goal
from viz_app.frame.frame import Focus
from viz_app.frame.look import Look
from viz_app.frame.told.watch import Watch
from viz_app.reading.data import open_data
from viz_app.session.session import Session

Prepare = Callable[[Session, Path], None]


def _open(session: Session, preset: str, **options: object) -> None:
    session.opening.open(open_preset(preset, **options))


def _run(session: Session, iterations: int) -> None:
    for _ in session.trace.run.walk(iterations):
        pass


def stepped(session: Session, folder: Path) -> None:
    """Stand in the middle of the backward pass of digits, with the cursor on a cell."""
    _open(session, "digits")
    session.navigation.go_to(3, 12, focus=Focus("delta_1", (0, 5)))
    session.navigation.enter()


def trained(session: Session, folder: Path) -> None:
    """Train with Adam, shuffled, with options that change on the way, and stand before the end of what was trained."""
    _open(session, "digits", optimizer="adam", batch_size=7, shuffle=True, held_back=180, seed=4_000_000_000, l2=1e-3)
    _run(session, 3)
    session.navigation.go_to(3, 2)
    session.opening.set_options(learning_rate=0.02, schedule="cosine:50")
    _run(session, 40)
    session.navigation.go_to(21, 17)
    session.viewing.set_row(3)
    session.viewing.set_look(Look(notation=Notation.Z_A))
    session.viewing.hold_colors(True)
    session.trainer.set_goal(Goal(epochs=2.5, patience=3))


def kernel(session: Session, folder: Path) -> None:
    """Slide a kernel of one's own over an image of one's own."""
    _open(session, "conv-kernel")
    image = np.random.default_rng(0).random((3, 12, 9)).astype(np.float32)
    session.opening.set_settings(own_image=image, own_title="leaf.png", weights=((0.5, -1.25), (3.0, 0.1)), stride=2)
    session.navigation.go_to(0, 0, 7)


def points(session: Session, folder: Path) -> None:
    """Move a point of the playground in the middle of a run."""
    _open(session, "playground")
    session.opening.set_settings(features=("x_1", "x_2", "sin x_1"), units=(5,))
    _run(session, 12)
    session.navigation.go_to(9, 4)
    drawn = session.experiment.settings.drawn()  # type: ignore[union-attr]
    session.opening.set_settings(points=((1.5, -0.25, 1), *drawn[1:]))
    session.navigation.go_to(11, 6)


def edited(session: Session, folder: Path) -> None:
    """Edit the network: what it remembers from iteration to iteration, and what is dropped, goes on."""
    _open(session, "digits", batch_size=6, optimizer="momentum")
    _run(session, 2)
    session.navigation.go_to(2, 1)
    layers = (Dense(9, "relu"), BatchNorm(), Dropout(0.3), Dense(10, "softmax"))
    session.opening.edit(Network((64,), layers, row_image=(8, 8)), "cross_entropy", {})
    session.opening.set_options(frozen=("w_1",), clip_norm=0.5)
    session.navigation.go_to(4, 20)


def graph(session: Session, folder: Path) -> None:
    """Open a graph in float64, and keep some of its weights."""
    _open(session, "digits", dtype="float64", optimizer="rmsprop")
    nodes = (
        Node("hidden", Dense(64), ("x",)),
        Node("sum", Sum(), ("hidden", "x")),
        Node("end", Dense(10, "softmax"), ("sum",)),
    )
    session.opening.edit(Graph({"x": Input((64,))}, nodes, "end"), "cross_entropy", {})
    session.navigation.go_to(2, 9)


def own_data(session: Session, folder: Path) -> None:
    """Take a table, normalised, with targets of one's own, after other data."""
    rows = np.random.default_rng(1).normal(size=(30, 3)).round(3)
    lines = [f"{a},{b},{c},{'cat' if a > b else 'dog'}" for a, b, c in rows]
    (folder / "animals.csv").write_text("\n".join(["long,wide,high,kind", *lines]))
    _open(session, "digits", batch_size=4)
    assert session.opening.take_data(open_data(folder / "animals.csv", normalise="feature"), adapt=True)
    _run(session, 3)
    session.navigation.go_to(2, 3)
    assert session.targets.set(5, np.array([0.0, 1.0]))
    session.navigation.go_to(4, 5)
    assert session.targets.set(6, np.array([1.0, 0.0]))


def own_guest(session: Session, folder: Path) -> None:
    """Let iteration 2 learn from an input of one's own, which comes first in iteration 4, too."""
    _open(session, "digits", batch_size=3)
    session.viewing.set_row(2)
    session.navigation.go_to(2, 5)
    drawn = np.random.default_rng(2).random(64).astype(np.float32)
    assert session.guests.show(Guest(drawn, None, "Drawing"))
    assert session.guests.set_label(7)
    assert session.guests.learn()
    session.navigation.go_to(4, 11)


def guessed(session: Session, folder: Path) -> None:
    """Show a guest whose target is the network's own guess."""
    _open(session, "conv-digits", start="trained")
    assert session.guests.show(Guest(np.random.default_rng(3).random((1, 28, 28)), None, "photo.png"))
    session.navigation.go_to(1, 30)


def sample(session: Session, folder: Path) -> None:
    """Show a sample out of turn, watch, and halt."""
    _open(session, "attention")
    session.watches.add(Watch("loss"))
    session.breakpoints.add(AtStep("loss"))
    session.breakpoints.add(AtNumber("loss", (), Side.ABOVE, 1e9))
    session.breakpoints.add(AtNorm(1e6))
    session.breakpoints.set_on(AtStep("loss"), False)
    session.navigation.go_to(3, 8)


def from_weights(session: Session, folder: Path) -> None:
    """Start from the weights of a file."""
    _open(session, "sigmoid-3-4-2", optimizer="adam")
    session.navigation.go_to(5, 0)
    assert session.weights.save(folder / "own.safetensors")
    assert session.weights.open(folder / "own.safetensors")
    session.navigation.go_to(2, 4)


def inferred(session: Session, folder: Path) -> None:
    """Step the forward pass alone, of another iteration than that in which it began, with a guest."""
    _open(session, "digits", batch_size=2)
    session.navigation.go_to(4, 9)
    assert session.guests.show_sample(1700)
    session.viewing.set_row(1)
    assert session.inferring.enter()
    session.navigation.go_to(2, 3)


def written(session: Session, folder: Path) -> None:
    """Let the network write two letters after a text, and step the pass of the whole."""
    _open(session, "transformer", start="trained")
    session.writing.type("the cat")
    assert session.writing.next_token()
    assert session.writing.next_token()
    session.navigation.step(-1)


SESSIONS: Mapping[str, Prepare] = {
    one.__name__: one
    for one in (
        stepped,
        trained,
        kernel,
        points,
        edited,
        graph,
        own_data,
        own_guest,
        guessed,
        sample,
        from_weights,
        inferred,
        written,
    )
}
