"""Tables of text: what is found in them, what they become, and what is refused by line and column."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.data.normalising import By
from viz_app.reading.data import DataError, look_into, open_data
from viz_app.reading.files import printable
from viz_app.reading.offer import ColumnKind, Layout, Target

PEOPLE = [
    ["height", "weight", "colour", "price"],
    ["1.75", "70.5", "red", "10.5"],
    ["1.80", "80.1", "blue", "11.0"],
    ["1.60", "60", "red", "9.25"],
    ["1.90", "99", "green, dark", "8"],
]


def write(path: Path, rows: list[list[str]], separator: str = ",", decimal: str = ".", encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(
        [[cell.replace(".", decimal) if cell[:1].isdigit() else cell for cell in row] for row in rows]
    )
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def text(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_form_of_a_table_is_found(tmp_path: Path, separator: str, decimal: str, encoding: str) -> None:
    path = write(tmp_path / "people.csv", PEOPLE, separator, decimal, encoding)
    offer = look_into(path, None).changed(label="price")
    values = {name: offer.question(name).value for name in ("separator", "decimal", "header")}  # type: ignore[union-attr]
    assert values == {"separator": separator, "decimal": decimal, "header": True}
    assert [column.name for column in offer.columns] == PEOPLE[0]
    assert [column.kind for column in offer.columns] == [ColumnKind.NUMBER] * 2 + [ColumnKind.TEXT, ColumnKind.NUMBER]
    dataset = offer.open()
    assert dataset.column_names == ("height", "weight", "colour = blue", "colour = green, dark", "colour = red")
    np.testing.assert_array_equal(dataset.inputs[0], [1.75, 70.5, 0, 0, 1])
    np.testing.assert_array_equal(dataset.inputs[3], [1.9, 99, 0, 1, 0])
    assert dataset.regression
    np.testing.assert_array_equal(np.asarray(dataset.targets)[:, 0], [10.5, 11, 9.25, 8])


def test_latin_1_is_found_and_said(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "größe;art\n1;süß\n2;roh\n3;süß\n".encode("latin-1"))
    offer = look_into(path)
    assert offer.class_names == ("roh", "süß")
    assert offer.columns[0].name == "größe"
    assert "The text is no UTF-8: it is read as Latin-1." in offer.notes


def test_text_is_one_input_for_every_word_and_shown(tmp_path: Path) -> None:
    offer = look_into(write(tmp_path / "p.csv", PEOPLE)).changed(label="price")
    assert offer.notes == (
        "Text becomes one input for every word, 1 where it stands and 0 elsewhere: colour (3 words).",
    )
    assert offer.columns[2].words == ("blue", "green, dark", "red")
    assert offer.columns[3].label
    assert offer.first_rows[0] == tuple(PEOPLE[1])
    assert "One input for every word of colour (3 words)." in offer.open().reading


def test_a_question_that_must_be_answered_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", PEOPLE)
    offer = look_into(path)
    question = offer.question("label")
    assert question is not None
    assert question.needed
    assert question.value is None
    assert [option.value for option in question.options] == PEOPLE[0]
    told = "p.csv: choose the column that the network is asked for, among height, weight, colour, price."
    assert offer.missing == told
    for ask in (lambda: open_data(path), offer.open):
        with pytest.raises(DataError) as refused:
            ask()
        assert str(refused.value) == told
    assert open_data(path, label="colour").class_names == ("blue", "green, dark", "red")
    itself = open_data(path, target=Target.ITSELF)
    assert itself.targets.shape == itself.inputs.shape == (4, 6)


@pytest.mark.parametrize(
    ("name", "cells", "target"),
    [
        ("price", "1.5 2.5 3.5 1.5", Target.NUMBERS),
        ("price", "3 4 7 9", Target.NUMBERS),
        ("price", "0 1 2 1", Target.CLASSES),
        ("label", "3 4 7 9", Target.CLASSES),
        ("label", "3.5 4 7 9", Target.NUMBERS),
        ("price", "a b a b", Target.CLASSES),
    ],
)
def test_numbers_are_regression_unless_they_are_classes(tmp_path: Path, name: str, cells: str, target: Target) -> None:
    rows = [["x", name], *([str(number / 2), cell] for number, cell in enumerate(cells.split()))]
    path = write(tmp_path / "t.csv", rows)
    offer = look_into(path).changed(label=name)
    assert offer.question("target").value is target  # type: ignore[union-attr]
    assert offer.open().regression is (target is Target.NUMBERS)


def test_what_a_column_is_taken_for_can_be_overridden(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", [["x", "label"], ["1", "3"], ["2", "8"], ["3", "3"]])
    assert open_data(path).class_names == ("3", "8")
    numbers = open_data(path, target=Target.NUMBERS)
    assert numbers.labels is None
    assert np.asarray(numbers.targets).tolist() == [[3], [8], [3]]
    words = write(tmp_path / "w.csv", [["x", "label"], ["1", "a"], ["2", "b"]])
    with pytest.raises(DataError, match=r"^w\.csv, column label: expected numbers; it holds texts such as 'a'\.$"):
        open_data(words, target=Target.NUMBERS)


def test_a_table_without_names_has_numbered_columns(tmp_path: Path) -> None:
    path = text(tmp_path / "n.csv", "5.1,3.5,setosa\n4.9,3.0,virginica\n4.7,3.2,setosa\n5.0,3.1,virginica\n")
    offer = look_into(path)
    assert [column.name for column in offer.columns] == ["column 1", "column 2", "column 3"]
    dataset = offer.open()
    assert len(dataset) == 4
    assert dataset.class_names == ("setosa", "virginica")
    named = offer.changed(header=True)
    assert [column.name for column in named.columns] == ["5.1", "3.5", "setosa"]


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    path = text(tmp_path / "n.csv", "a,a,,label\n1,2,3,x\n1,2,3,y\n")
    assert [column.name for column in look_into(path).columns] == ["a", "a (2)", "column 3", "label"]


def test_columns_that_only_number_the_rows_are_left_out_and_can_be_taken(tmp_path: Path) -> None:
    rows = [[str(n), f"{n / 7:.3f}", f"name {n}", "ab"[n % 2]] for n in range(40)]
    path = write(tmp_path / "i.csv", [["", "size", "person", "label"], *rows])
    offer = look_into(path)
    question = offer.question("leave_out")
    assert question is not None
    assert question.several
    assert question.value == ("column 1", "person")
    assert "Left out: column 1, person." in offer.notes
    assert offer.open().column_names == ("size",)
    assert len(offer.changed(leave_out=()).open().column_names or ()) == 42


def test_pixels_in_columns_are_images(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 64))
    head = ["label", *(f"pixel{n}" for n in range(64))]
    rows = [[str(n % 3), *map(str, row)] for n, row in enumerate(pixels.tolist())]
    path = write(tmp_path / "pixels.csv", [head, *rows])
    offer = look_into(path)
    assert offer.thumbnails is not None
    assert offer.thumbnails.shape == (24, 8, 8)
    dataset = offer.changed(layout=Layout.IMAGE, scale=255).open()
    assert dataset.sample_shape == (1, 8, 8)
    np.testing.assert_array_equal(np.asarray(dataset.inputs).reshape(30, -1), pixels / 255)
    assert offer.open().row_image == (8, 8)


def test_quoted_cells_and_empty_lines_are_read(tmp_path: Path) -> None:
    path = text(tmp_path / "q.csv", 'size,text,label\r\n"1","a, ""b""\nc",x\r\n\r\n 2 ,d,y\r\n3,d,x,\r\n')
    dataset = open_data(path)
    assert dataset.column_names == ("size", 'text = a, "b" c', "text = d")
    assert np.asarray(dataset.inputs).tolist() == [[1, 1, 0], [2, 0, 1], [3, 0, 1]]


def test_a_part_is_held_back_and_the_rest_normalised(tmp_path: Path) -> None:
    rows = [[f"{n * 0.5}", f"{7}", "ab"[n % 2]] for n in range(100)]
    path = write(tmp_path / "h.csv", [["x", "constant", "label"], *rows])
    dataset = open_data(path, held_back=0.2, normalise=By.FEATURE)
    assert dataset.held_back == 20
    trained = np.asarray(dataset.inputs)[:80]
    np.testing.assert_allclose(trained.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(trained.std(axis=0), [1, 0], atol=1e-12)
    assert dataset.normalisation is not None
    plain = np.sort(dataset.normalisation.undo(np.asarray(dataset.inputs))[:, 0])
    np.testing.assert_allclose(plain, np.arange(100) * 0.5, atol=1e-9)
    assert dataset.labels is not None
    again = dataset.normalisation.undo(np.asarray(dataset.inputs))[:, 0] * 2
    assert [round(value) % 2 for value in again.tolist()] == dataset.labels.tolist()
    assert any("80" not in told and "measured on the samples that are trained on" in told for told in dataset.reading)


@given(
    st.lists(
        st.tuples(
            st.floats(-1e30, 1e30),
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60),
        ),
        min_size=2,
        max_size=30,
    ),
    st.sampled_from([",", ";", "\t"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_what_is_written_is_read(tmp_path: Path, rows: list[tuple[float, str]], separator: str) -> None:
    words = [" ".join(f"w{word}".split()) for _, word in rows]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(["number", "word", "asked"])
    writer.writerows([repr(number), f"w{word}", repr(-number)] for number, word in rows)
    path = text(tmp_path / "any.csv", out.getvalue())
    choose: dict[str, Any] = {
        "separator": separator,
        "decimal": ".",
        "header": True,
        "leave_out": (),
        "encoding": "utf-8",
    }
    dataset = open_data(path, label="asked", target=Target.NUMBERS, **choose)
    taken = np.asarray(dataset.inputs)
    assert taken[:, 0].tolist() == [number for number, _ in rows]
    assert np.asarray(dataset.targets)[:, 0].tolist() == [-number for number, _ in rows]
    names = [(dataset.column_names or ())[1:][place] for place in taken[:, 1:].argmax(axis=1)]
    assert names == [f"word = {printable(word)}" for word in words]


LONG = "x" * 140_000
BAD: dict[str, tuple[str | bytes, str]] = {
    "a row too short": ("a,b,label\n1,2,x\n3,4\n", "line 3: expected 3 cells, as in the first row; got 2."),
    "a row too long": ("a,b,label\n1,2,x\n3,4,y,5\n", "line 3: expected 3 cells, as in the first row; got 4."),
    "text among numbers": ("a,b,label\n1,2,x\n3,q,y\n4,5,y\n", "line 3, column b: expected a finite number; got 'q'."),
    "a missing number": (
        "a,b,label\n1,2,x\n3,,y\n",
        "line 3, column b: expected a number; the value is missing (empty).",
    ),
    "a missing word": ("a,b,label\n1,u,x\n3,,y\n", "line 3, column b: expected a text; the value is missing (empty)."),
    "a missing label": ("a,label\n1,x\n3,\n", "line 3, column label: expected a text; the value is missing (empty)."),
    "not available": (
        "a,b,label\n1,2,x\n3,NA,y\n",
        "line 3, column b: expected a number; the value is missing ('NA').",
    ),
    "infinity": ("a,b,label\n1,2,x\n3,inf,y\n", "line 3, column b: expected a finite number; got 'inf'."),
    "too large": ("a,b,label\n1,2,x\n3,1e999,y\n", "line 3, column b: expected a finite number; got '1e999'."),
    "underscores": ("a,b,label\n1,2,x\n3,1_0,y\n", "line 3, column b: expected a finite number; got '1_0'."),
    "only names": ("a,b,label\n", "expected rows below the names of the columns; there is none."),
    "only empty lines": ("\n\n\n", "expected a table; there is no row."),
    "one column": ("label\nx\ny\n", "expected a table (CSV), its cells between commas; its first line is 'label'."),
    "one class": ("a,label\n1,x\n2,x\n", "column label: expected at least two classes; every sample has 'x'."),
    "a zero byte": (b"a,label\n1,x\n2,\0\n", "expected text; it holds zero bytes."),
    "a giant cell": (f"a,label\n1,x\n2,{LONG}\n", "expected cells of at most 131,072 characters; one is longer."),
    "an open quote": (f'a,label\n1,x\n"2,y\n{LONG}', "Is a quotation mark left open?"),
    "a giant line": (b"a" * 5_000_000, "line 1: expected at most 1,048,576 characters; it has more."),
    "a zero byte late": (b"a,label\n" + b"1,x\n" * 20_000 + b"\0", "line 20002: expected text; it holds a zero byte."),
    "late bytes that are no text": (
        b"a,label\n" + b"1,x\n2,y\n" * 20_000 + b"3,\xff\n",
        "Choose another encoding, such as",
    ),
    "many words": (
        "a,b,label\n" + "".join(f"1,w{n % 1200 if n > 30 else 0},{'xy'[n % 2]}\n" for n in range(3000)),
        "line 1032, column b: expected at most 1,000 different texts; there are more. Leave the column out.",
    ),
    "one class in many rows": ("a,label\n" + "1,x\n" * 5000, "expected at least two classes; every sample has 'x'."),
    "late text among numbers": (
        "a,label\n" + "1,x\n2,y\n" * 5000 + "oops,x\n",
        "line 10002, column a: expected a finite number; got 'oops'.",
    ),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_what_is_no_table_is_refused_by_line_and_column(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(DataError) as refused:
        open_data(text(tmp_path / "bad.csv", content))
    told = str(refused.value)
    assert told.startswith("bad.csv")
    assert words in told
    assert told.endswith((".", "?"))
    assert "\n" not in told


CHOICES: dict[str, tuple[dict[str, Any], str]] = {
    "label": ({"label": "colours"}, "expected a column among height, weight, colour, price; got 'colours'."),
    "leave_out": ({"label": "price", "leave_out": ("x",)}, "got 'x'."),
    "all left out": ({"label": "price", "leave_out": tuple(PEOPLE[0][:3])}, "expected a column besides the one"),
    "separator": ({"separator": "x"}, "Expected a separator among"),
    "encoding": ({"encoding": "klingon"}, "Expected a encoding among"),
    "decimal": ({"decimal": "'"}, "Expected a decimal mark among"),
    "held_back": (
        {"label": "price", "held_back": 1.5},
        "Expected a share of held back samples from 0 to 0.9; got 1.5.",
    ),
    "scale": ({"label": "price", "scale": -1.0}, "Expected a positive number to divide by; got -1."),
}


@pytest.mark.parametrize(("chosen", "words"), CHOICES.values(), ids=CHOICES)
def test_choices_that_there_are_not_are_refused(tmp_path: Path, chosen: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as refused:
        open_data(write(tmp_path / "p.csv", PEOPLE), **chosen)
    assert words in str(refused.value)
