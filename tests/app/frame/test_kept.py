from core.presets import open_preset
from viz_app.frame.words.kept import kept_for, kept_of_block, nbytes_of, size_text

_PROGRAM = open_preset("digits").program


def _readers(key):
    kept = kept_for(_PROGRAM, _PROGRAM.values[key], "float32")
    return [step.output.key for step in kept.readers]


def test_a_value_is_kept_for_the_later_phases_that_read_it():
    assert _readers("out_1") == ["grad_w_2"]
    assert _readers("sum_1") == []
    assert "grad_out_1" in _readers("w_2")
    assert "new_w_2" in _readers("w_2")
    assert _readers("grad_w_1") == [step.output.key for step in _PROGRAM.consumers["grad_w_1"]]


def test_bytes_are_those_of_the_arrays():
    trace = open_preset("digits").trace()
    for key in ("sum_1", "w_1", "loss"):
        assert nbytes_of(_PROGRAM.values[key], "float32") == trace.array(key).nbytes
    assert [size_text(size) for size in (0, 1, 999, 1500, 16_780_000)] == [
        "0 bytes",
        "1 byte",
        "999 bytes",
        "1.5 kB",
        "16.8 MB",
    ]


def test_a_block_keeps_what_the_backward_pass_reads_of_it():
    span = next(span for span in _PROGRAM.spans if span.fold == "1")
    kept = kept_of_block(_PROGRAM, span, "float64")
    assert kept.count == 2  # net_1 for the derivative, out_1 for the gradient of w_2
    assert kept.nbytes == 2 * 32 * 8
