"""Values, maps and curves come back from their files as they were."""

import csv
import io
import json
from dataclasses import replace

import numpy as np

from core.iteration import compile_iteration
from core.layers import Dense, Node
from core.network import Graph, Input
from core.notation import Notation
from core.optimizers import SGD
from core.presets import open_preset
from core.run.record import Judged, Series
from core.run.trace import Cursor, Trace
from viz_app.frame.frame import resolve
from viz_app.takeaway.archive import archive
from viz_app.takeaway.snapshot import Snapshot
from viz_app.takeaway.table import CURVES, curves_table, map_table
from viz_app.takeaway.values import CONTENTS, read_and_made, value_arrays


def opened(arrays):
    return np.load(io.BytesIO(archive(arrays)), allow_pickle=False)


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_an_archive_says_what_is_in_it_under_names_of_their_own():
    trace = open_preset("attention").trace()
    values = Snapshot.of(trace, "attention", notation=Notation.Z_A)
    arrays = value_arrays(values)
    with opened(arrays) as file:
        contents = json.loads(str(file[CONTENTS]))
        assert set(file.files) == {CONTENTS, *(one["name"] for one in contents["values"])}
        assert len(contents["values"]) == len(trace.program.values)
        for key, told in zip(trace.program.values, contents["values"], strict=True):
            np.testing.assert_array_equal(file[told["name"]], trace.array(key), strict=True)
            assert told["shape"] == list(file[told["name"]].shape)
    step = trace.program.producers["loss"]
    told = next(one for one in contents["values"] if one["name"] == "loss")
    assert (told["step"], told["phase"], told["source"]) == (step.number, "loss", "np.mean(losses)")
    assert archive(arrays) == archive(dict(arrays))


def test_an_archive_takes_names_that_numpy_has_for_itself():
    graph = Graph({"file": Input((2,))}, (Node("contents", Dense(2), ("file",)),), "contents")
    program = compile_iteration(graph, "squared_error", SGD(), 1)
    trace = Trace(program, graph.initial(0), lambda _: {"file": np.ones((1, 2)), "y": np.ones((1, 2))})
    with opened(value_arrays(Snapshot.of(trace, "own"))) as file:
        np.testing.assert_array_equal(file["file"], np.ones((1, 2), np.float32))


def test_the_values_of_a_step_are_what_it_reads_and_makes():
    steps = open_preset("worked-2-2-2").program.steps
    assert read_and_made(steps[:2]) == ["x", "w_1", "sum_1", "b_1", "net_1"]


def test_a_map_is_a_table_with_its_axes_and_all_digits():
    trace = open_preset("sigmoid-3-4-2", batch_size=2).trace()
    view = resolve(trace, Cursor(0, 1)).result
    head, *lines = rows(map_table(view))
    assert head == ["sample", "h1", "h2", "h3", "h4"]
    assert [line[0] for line in lines] == ["0", "1"]
    np.testing.assert_array_equal(np.array([line[1:] for line in lines], np.float32), view.array)
    head, *lines = rows(map_table(replace(view, computed=3)))
    assert [line[1:] for line in lines] == [[*lines[0][1:4], ""], [""] * 4]
    strange = np.array([[np.nan, np.inf, -np.inf, 1e-45]] * 2, np.float32)
    assert rows(map_table(replace(view, array=strange)))[1] == ["0", "nan", "inf", "-inf", "1e-45"]
    assert map_table(replace(view, array=None)) == ""


def test_a_map_of_many_axes_says_where_each_line_is():
    trace = open_preset("conv-digits").trace()
    view = resolve(trace, Cursor(0, 0)).result
    head, *lines = rows(map_table(view))
    assert head[:4] == ["sample", "channel", "row", "0"]
    assert lines[-1][:3] == [str(size - 1) for size in view.shape[:-1]]
    numbers = np.array([line[3:] for line in lines], np.float32)
    np.testing.assert_array_equal(numbers.reshape(view.shape), view.array)
    loss = resolve(trace, Cursor(0, trace.program.producers["loss"].number)).result
    assert rows(map_table(loss)) == [["loss"], [str(loss.array[()])]]


def test_rows_of_tokens_are_called_as_in_their_sample():
    trace = open_preset("attention", batch_size=2).trace()
    weights = next(step for step in trace.program.steps if "weights" in step.output.name)
    head, *lines = rows(map_table(resolve(trace, Cursor(0, weights.number)).result))
    names = trace.token_names(0)
    assert head == ["sample", "head", "token", *map(str, range(len(names[0])))]
    assert [line[2] for line in lines if line[1] == "0"] == [name for sample in names for name in sample]


def test_curves_of_several_runs_stand_below_each_other():
    judged = {Judged.TEST_LOSS: Series.of([(0, 2.5), (2, 1.25)]), Judged.TRAIN_ACCURACY: Series.of([(2, 0.75)])}
    text = curves_table([("η 0.1", Series.of([(0, 3.0), (1, float("nan"))]), {}), ("run 2", Series.of([]), judged)])
    assert rows(text) == [
        list(CURVES),
        ["η 0.1", "0", "3.0", "", "", "", ""],
        ["η 0.1", "1", "nan", "", "", "", ""],
        ["run 2", "0", "", "", "", "2.5", ""],
        ["run 2", "2", "", "", "0.75", "1.25", ""],
    ]
