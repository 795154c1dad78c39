import pytest

from core.options import OptionError, Options
from core.presets.attention import AttentionSettings
from core.presets.changes import change
from core.presets.convolution import KernelSettings
from viz_app.frame.walking import carry

HEART = KernelSettings("heart", padding="valid")


def test_what_fits_is_taken():
    experiment, refusals = change(HEART, {"stride": 2, "kernel": "blur"}, Options())
    assert experiment.settings == KernelSettings("heart", "blur", padding="valid", stride=2)
    assert refusals == {}


def test_what_does_not_fit_is_refused_and_the_rest_is_taken():
    experiment, refusals = change(HEART, {"dilation": 8, "stride": 0, "kernel": "blur"}, Options())
    assert experiment.settings == KernelSettings("heart", "blur", padding="valid")
    assert {field: refusal.wanted for field, refusal in refusals.items()} == {"dilation": 8, "stride": 0}
    assert (
        refusals["stride"].reason == "Convolution: expected a stride of at least 1 along rows and columns; got 0 × 0."
    )
    assert refusals["dilation"].reason == (
        "Expected a kernel that fits the image of 16 × 16: a padding of at least 1 rows and 1 columns in all, or a "
        "kernel of at most 2 × 2, or a dilation of at most 7 × 7; got a kernel of 3 × 3 (covering 17 × 17)."
    )


@pytest.mark.parametrize("wanted", [{"dilation": 8, "padding": 1}, {"padding": 1, "dilation": 8}])
def test_changes_that_fit_only_together_are_taken_together(wanted):
    experiment, refusals = change(HEART, wanted, Options())
    assert experiment.settings == KernelSettings("heart", padding=1, dilation=8)
    assert refusals == {}


def test_a_change_that_makes_another_one_fit_is_taken_before_it():
    experiment, refusals = change(HEART, {"dilation": 8, "stride": 0, "padding": 1}, Options())
    assert experiment.settings == KernelSettings("heart", padding=1, dilation=8)
    assert list(refusals) == ["stride"]


@pytest.mark.parametrize(
    ("index", "old", "new", "carried"),
    [
        ((0, 0, 10, 20), (1, 1, 64, 64), (1, 1, 64, 64), (0, 0, 10, 20)),
        ((0, 0, 10, 20), (1, 1, 64, 64), (1, 1, 32, 16), (0, 0, 5, 5)),
        ((0, 0, 63, 0), (1, 1, 64, 64), (1, 1, 7, 7), (0, 0, 6, 0)),
        ((0, 2, 1, 1), (1, 3, 3, 3), (1, 1, 5, 7), (0, 0, 2, 3)),
        ((0, 0, 0, 0), (1, 1, 1, 1), (1, 1, 3, 3), (0, 0, 1, 1)),
    ],
)
def test_a_place_is_carried_to_another_size(index, old, new, carried):
    assert carry(index, old, new) == carried


def test_a_setting_that_there_is_not_is_refused():
    with pytest.raises(OptionError, match=r"^Expected settings among heads, width, causal, warm_up; got 'image'\.$"):
        change(AttentionSettings(), {"heads": 4, "image": "heart"}, Options())
