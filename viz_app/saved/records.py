"""Say what a session file tells: the fields here are its fields, and whatever has others is refused.

Arrays stand in a file of their own (``arrays.py``); here are their names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.data.normalising import By
from core.description import Count
from core.values import Shape
from viz_app.saved.arrays import Names

Plain = Mapping[str, object]


@dataclass(frozen=True)
class RowsRecord:
    """Samples by their arrays."""

    inputs: str
    targets: str
    labels: str | None = None


@dataclass(frozen=True)
class NormalisationRecord:
    """As of ``Normalisation``."""

    by: By
    mean: str
    deviation: str


@dataclass(frozen=True)
class AboutRecord:
    """What is told of a data set: the fields of ``Dataset`` but for the samples."""

    name: str
    row_image: Shape | None = None
    class_names: tuple[str, ...] | None = None
    attribution: str = ""
    token_names: tuple[tuple[str, ...], ...] | None = None
    reach: float | None = None
    image_shape: Shape | None = None
    column_names: tuple[str, ...] | None = None
    source: str = ""
    licence: str = ""
    reading: tuple[str, ...] = ()
    held_back: Count = Count(0)
    normalisation: NormalisationRecord | None = None
    white: float = 1.0
    sample_names: tuple[str, ...] | None = None


@dataclass(frozen=True)
class FileRecord:
    """A file of data: where it lies, where that is from the session's folder, and how it was opened."""

    source: str
    beside: str = ""
    named: bool = False
    choices: Plain = field(default_factory=dict)


@dataclass(frozen=True)
class DataRecord:
    """A data set: the preset's own, or a file; its checksum, and the targets that a person has typed.

    ``rows`` are all of its samples, where they are few enough to be kept; ``seen`` are those of the shown iteration.
    """

    preset: bool
    about: AboutRecord
    count: Count
    shape: tuple[Count, ...]
    checksum: str = ""
    file: FileRecord | None = None
    rows: RowsRecord | None = None
    seen: RowsRecord | None = None
    typed: Names = field(default_factory=dict)


@dataclass(frozen=True)
class EarlierRecord:
    """Data that held up to an iteration."""

    until: Count
    data: DataRecord


@dataclass(frozen=True)
class GuestRecord:
    """As of ``Guest``."""

    inputs: str
    title: str
    target: str | None = None
    sample: Count | None = None


@dataclass(frozen=True)
class LearntRecord:
    """A guest that an iteration learns from."""

    iteration: Count
    guest: GuestRecord


@dataclass(frozen=True)
class ChangeRecord:
    """Options that hold from an iteration on."""

    iteration: Count
    options: Plain


@dataclass(frozen=True)
class EditRecord:
    """As of ``Edit``."""

    network: Plain
    loss: str
    kept: Names
    how: str


@dataclass(frozen=True)
class WeightsRecord:
    """As of ``Weights``."""

    state: Names
    about: Plain
    network: Plain | None = None


@dataclass(frozen=True)
class ExperimentRecord:
    """As of ``Experiment``; ``setting_arrays`` are the settings that are arrays."""

    preset: str
    options: Plain
    parameters: Names
    changes: tuple[ChangeRecord, ...] = ()
    settings: Plain | None = None
    setting_arrays: Names = field(default_factory=dict)
    edit: EditRecord | None = None
    data: DataRecord | None = None
    own: bool = False
    earlier: tuple[EarlierRecord, ...] = ()
    guests: tuple[LearntRecord, ...] = ()
    opened: WeightsRecord | None = None


@dataclass(frozen=True)
class StateRecord:
    """The state at the start of an iteration."""

    iteration: Count
    state: Names


@dataclass(frozen=True)
class SeriesRecord:
    """Numbers of iterations."""

    iterations: str
    numbers: str


@dataclass(frozen=True)
class NumbersRecord:
    """Hyper-parameters that hold from an iteration on."""

    iteration: Count
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class RunRecord:
    """As of ``Kept``."""

    states: tuple[StateRecord, ...]
    losses: SeriesRecord
    judged: Mapping[str, SeriesRecord] = field(default_factory=dict)
    numbers: tuple[NumbersRecord, ...] = ()


@dataclass(frozen=True)
class FocusRecord:
    """As of ``Focus``."""

    key: str
    index: tuple[Count, ...]
    reach: bool = False


@dataclass(frozen=True)
class PlaceRecord:
    """As of ``Place``, without the view options."""

    iteration: Count
    step: Count
    cell: Count | None = None
    focus: FocusRecord | None = None


@dataclass(frozen=True)
class VisitRecord:
    """The guest that comes first, and where its host was left: the iteration, and the row that was shown.

    Where it ``stays``, whoever sends the guest away stays in the iteration that is shown then.
    """

    guest: GuestRecord
    left: Count = Count(0)
    row: Count = Count(0)
    stays: bool = False


@dataclass(frozen=True)
class InferenceRecord:
    """The forward pass alone: the place in it, the row that is shown, what is folded, and the text that it is of.

    ``typed`` is what a person has typed, and ``came`` what the network has written after it.
    """

    place: PlaceRecord
    sample: Count = Count(0)
    folds: frozenset[str] | None = None
    typed: str | None = None
    came: str = ""


@dataclass(frozen=True)
class BreakpointRecord:
    """A breakpoint: its kind, what it holds, and whether it is on."""

    kind: str
    fields: Plain
    on: bool


@dataclass(frozen=True)
class WatchRecord:
    """As of ``Watch``."""

    key: str
    index: tuple[Count, ...] | None = None


@dataclass(frozen=True)
class TargetsRecord:
    """The targets that the data came with, by sample, where a person has typed others; and what they came as."""

    name: str
    own: bool
    originals: Names


@dataclass(frozen=True)
class WindowRecord:
    """How the window looks: its theme, its presentation scale in percent, and a ``Look`` as it is stored.

    ``speed`` is that of playing, in steps a second; 0 where it is not known.
    """

    theme: str = ""
    scale: Count = Count(0)
    look: Plain | None = None
    speed: float = 0.0


@dataclass(frozen=True)
class PhotoRecord:
    """An image that a person has brought, as of ``Photo``, and the fields of its ``Preparation``."""

    pixels: str
    title: str
    notes: tuple[str, ...] = ()
    settings: Plain = field(default_factory=dict)


@dataclass(frozen=True)
class OwnRecord:
    """What is on the pages of the own input: the image, and the sheet that is drawn on."""

    photo: PhotoRecord | None = None
    drawing: str | None = None


@dataclass(frozen=True)
class TextRecord:
    """A text that the network continues, what came after it, and how the next token is chosen, as of ``Taste``."""

    typed: str = ""
    came: str = ""
    temperature: float = 0.8
    top_k: int | None = None
    seed: Count = Count(1)
