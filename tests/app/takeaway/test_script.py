"""A script runs by itself, and makes the numbers that the window shows."""

import contextlib
import io
import subprocess
import sys

import numpy as np
import pytest

from core.iteration import compile_iteration
from core.layers import Dense, Dropout, GlobalPool, Node
from core.network import Graph, Input
from core.notation import Notation
from core.optimizers import OPTIMIZERS
from core.presets import PRESETS, open_preset
from core.run.trace import Trace
from viz_app.takeaway.files import beside, script_files, write_files
from viz_app.takeaway.literals import FEW, Keep, literal
from viz_app.takeaway.script import given_to, script, variables
from viz_app.takeaway.snapshot import Snapshot

CLOSE = {"float32": 2e-5, "float64": 1e-12}


def run(text, path="script.py"):
    """Run a script as Python does, with nothing but NumPy, and return its variables."""
    scope = {"__name__": "__main__", "__file__": str(path)}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, str(path), "exec"), scope)
    return scope | {"printed": printed.getvalue()}


def snapshot(trace, name="a network", notation=Notation.NET_OUT, iteration=0):
    return Snapshot.of(trace, name, iteration, notation=notation)


def check(values, scope, steps=None):
    """Check every number that a script has made: all digits, unless an operation is written in another order."""
    rounds = False
    names = variables(values.program, values.notation)
    for step in steps or values.program.steps:
        made, expected = np.asarray(scope[names[step.output.key]]), values.arrays[step.output.key]
        assert made.dtype == expected.dtype
        assert made.shape == expected.shape
        rounds = rounds or step.op.rounds(*(value.shape for value in step.inputs))
        if rounds:
            close = CLOSE[values.dtype]
            np.testing.assert_allclose(made, expected, rtol=50 * close, atol=close * max(1, np.abs(expected).max()))
        else:
            np.testing.assert_array_equal(made, expected)
        assert f"\nStep {step.number}: {names[step.output.key]} (" in scope["printed"]
    assert ("to the last digit." in scope["__doc__"]) is not rounds


def test_the_script_of_every_preset_makes_the_numbers_of_the_window(tmp_path):
    for number, name in enumerate(PRESETS):
        experiment = open_preset(name)
        if experiment.dataset is not None and len(experiment.dataset) > 1 and name != "conv-digits":
            experiment = open_preset(name, batch_size=2)
        values = snapshot(experiment.trace(), name, list(Notation)[number % 2])
        path = tmp_path / f"{name}.py"
        files = script_files(values, values.program.steps, path)
        write_files(files, overwrite=False)
        check(values, run(path.read_text(encoding="utf-8"), path))
        large = any(values.arrays[value.key].size > FEW for value in given_to(values.program.steps))
        assert beside(path).exists() is large


def test_a_copied_script_holds_its_large_arrays_itself_and_runs_in_a_process_of_its_own(tmp_path):
    values = snapshot(open_preset("digits", batch_size=2).trace(), "digits", iteration=1)
    written = script(values, values.program.steps, Keep.PACKED)
    assert not written.beside
    check(values, run(written.text))
    path = tmp_path / "alone.py"
    path.write_text(written.text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert not done.stderr
    loss = str(values.arrays["loss"][()])
    assert f"loss (scalar)\n{loss}\n" in done.stdout


def test_a_step_is_a_script_of_its_own_with_the_functions_that_it_calls():
    trace = open_preset("conv-digits").trace()
    values = snapshot(trace)
    for step in trace.program.steps[:12]:
        text = script(values, [step], Keep.PACKED).text
        check(values, run(text), [step])
        assert text.count("\ndef ") == 1 + len(step.op.helpers)


def test_every_optimizer_and_what_names_would_clash_with(tmp_path):
    nodes = (Node("show", Dense(3), ("np",)), Node("softmax", Dense(2, "softmax"), ("drop",)),
             Node("drop", Dropout(0.5), ("show",)))  # fmt: skip
    graph = Graph({"np": Input((2,))}, nodes, "softmax")
    data = {"np": np.array([[1.0, np.nan], [-np.inf, 3.0]]), "y": np.eye(2)}
    for dtype, optimizer in zip(("float32", "float64") * 4, OPTIMIZERS.values(), strict=False):
        program = compile_iteration(graph, "cross_entropy", optimizer(), 2)
        values = snapshot(Trace(program, graph.initial(3), lambda _: data, dtype))
        scope = run(script(values, program.steps, Keep.PACKED).text)
        names = variables(program, Notation.NET_OUT)
        assert names["np"] == "np_"
        for key in program.producers:
            np.testing.assert_array_equal(scope[names[key]], values.arrays[key])


def test_layers_called_as_functions_of_the_script_are_told_apart():
    graph = Graph({"pool": Input((1, 2, 2))}, (Node("a", GlobalPool(), ("pool",)),), "a")
    program = compile_iteration(graph, "squared_error", OPTIMIZERS["sgd"](), 1)
    assert variables(program, Notation.NET_OUT)["pool"] == "pool"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_literals_are_exact_whatever_they_are(dtype):
    numbers = np.random.default_rng(0).standard_normal(300) * 10.0 ** np.arange(-40, 35).repeat(4)
    special = [np.nan, np.inf, -np.inf, 0.0, -0.0, np.finfo(dtype).tiny, np.finfo(dtype).max, 1e-45]
    whole = np.concatenate([special, numbers]).astype(dtype)
    for array in (whole, whole[:8].reshape(2, 2, 2), whole[0], whole[5], np.arange(3)):
        again = eval(literal(array), {"np": np})
        np.testing.assert_array_equal(again, array, strict=True)
        np.testing.assert_array_equal(np.signbit(again), np.signbit(array))
    assert max(map(len, literal(whole).splitlines())) <= 120
