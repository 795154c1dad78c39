"""Read a folder of images by class: all are brought to one size, once, and kept as bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset
from core.data.mapped import Spool
from core.data.progress import Progress
from core.data.rows import OneHotRows
from core.images.photo import Photo, PhotoError
from core.images.preparation import prepare
from core.images.settings import Preparation
from core.images.wanted import Wanted
from core.wording import counted
from viz_app.reading.answers import Answers, target_question
from viz_app.reading.arrays.samples import PREVIEWED, Samples, completed, dataset_of, sample_questions, samples
from viz_app.reading.files import DataError, by, listed, refused, shown
from viz_app.reading.images.folder_files import ImageFile, ImageFiles, image_files, refusal_of
from viz_app.reading.images.photos import read_photo
from viz_app.reading.offer import (
    Channels,
    Choices,
    Fit,
    Kind,
    Offer,
    Option,
    Question,
    Reader,
    Target,
    normalise_question,
    split_question,
)

LARGEST_SIDE = 512
_USUAL_SIDES = (28, 32, 64, 128)
_USUAL_LARGEST = 64
_SAMPLED = 48
_LARGEST = 2**32
"""Bytes that all images may take together at their size."""
_MOST_NAMED = 3
_PLACING = {Fit.FIT: "fit", Fit.CROP: "crop", Fit.STRETCH: "stretch"}


@dataclass(frozen=True)
class _Form:
    """What all images are brought to: height and width, whether in colour, and how."""

    size: tuple[int, int]
    colour: bool
    fit: Fit

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of one image."""
        return (3 if self.colour else 1, *self.size)

    def bring(self, photo: Photo) -> NDArray[np.uint8]:
        """Return an image as bytes, (channels, height, width): prepared as an own image of a person is."""
        wanted = Wanted(self.shape, self.size, self.shape[0])
        made = prepare(photo, wanted, Preparation(kind="picture", placing=_PLACING[self.fit])).inputs
        return np.rint(made * 255).astype(np.uint8)


class FolderReader(Reader):
    """Reads a folder of images by class.

    Every image is decoded once, when the data are opened: then a broken one is told before anything is trained, and
    training takes bytes. Up to 64 MiB of them are in memory, more in a temporary file that is mapped.

    Parameters
    ----------
    path : Path
        The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: ImageFiles | None = None
        self._sampled: list[tuple[ImageFile, Photo | PhotoError]] = []

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.path.name or str(self.path)

    def look(self, choices: Choices, progress: Progress) -> Offer:
        found = self._found(progress)
        itself = choices.target is Target.ITSELF
        files, names = _taken(found, itself=itself), found.class_names
        missing = "" if itself and files else refusal_of(found)
        if not files:
            raise DataError(missing)
        sampled = self._sample(files, progress)
        form = self._form(choices, sampled)
        whole = [(file, photo) for file, photo in sampled if isinstance(photo, Photo)]
        whole = whole[:: -(-len(whole) // PREVIEWED) or 1]
        count = len(files)
        made = _samples(_together(form, [photo for _, photo in whole]), self.name, choices) if whole else None
        preview = dataset_of(self.name, made, None) if made is not None else None
        target = Target.ITSELF if itself else Target.CLASSES if not missing else None
        return Offer(
            self,
            self.name,
            Kind.FOLDER,
            str(self.path),
            f"{counted(count, 'image')}, brought to {by(form.size)} pixels{_in_classes(names)}.",
            count,
            form.shape,
            "uint8",
            choices,
            class_names=() if itself else names,
            thumbnails=preview.thumbnails(range(len(whole))) if preview is not None else None,
            thumbnail_labels=tuple("" if itself else file.label for file, _ in whole),
            notes=tuple(_notes(found, sampled)),
            questions=(
                _target_question(target, names),
                *_questions(form),
                *(question for question in _of_samples(made) if question.field != "channels"),
                _broken_question(choices),
                split_question(choices, found.test, count),
                normalise_question(choices),
            ),
            missing=missing,
        )

    def open(self, choices: Choices, progress: Progress) -> Dataset:
        found = self._found(progress)
        itself = choices.target is Target.ITSELF
        files = _taken(found, itself=itself)
        if not itself and (missing := refusal_of(found)):
            raise DataError(missing)
        form = self._form(choices, self._sample(files, progress))
        stored, kept, broken = _decoded(files, form, self.path, choices, progress)
        names = found.class_names
        numbers = {name: number for number, name in enumerate(names)}
        labels = np.array([numbers.get(file.label, 0) for file in kept], np.intp)
        asked = None if itself else Answers(Target.CLASSES, OneHotRows(labels, len(names)), labels, names)
        data = dataset_of(
            self.name,
            _samples(stored, self.name, choices),
            asked,
            source=str(self.path),
            held_back=sum(file.is_test for file in kept),
            sample_names=[str(file.path.relative_to(self.path)) for file in kept],
            reading=tuple(_told(form, broken, choices)),
        )
        return completed(data, choices, progress)

    def _found(self, progress: Progress) -> ImageFiles:
        if self._files is None:
            self._files = image_files(self.path, progress)
        return self._files

    def _sample(self, files: list[ImageFile], progress: Progress) -> list[tuple[ImageFile, Photo | PhotoError]]:
        """Return some images from all over the folder: they tell the size, and are shown."""
        if not self._sampled:
            step = max(1, len(files) // _SAMPLED)
            for number, file in enumerate(files[::step][:_SAMPLED]):
                progress.tell(number, _SAMPLED, "Looking at images")
                self._sampled.append((file, _read(file, self.path)))
        return self._sampled

    def _form(self, choices: Choices, sampled: list[tuple[ImageFile, Photo | PhotoError]]) -> _Form:
        photos = [photo for _, photo in sampled if isinstance(photo, Photo)]
        size = choices.size or _usual_size([(photo.size[0], photo.size[1]) for photo in photos])
        if len(size) != 2 or not all(isinstance(side, int) and 1 <= side <= LARGEST_SIDE for side in size):
            raise DataError(f"Expected a height and a width from 1 to {LARGEST_SIDE} pixels; got {size}.")
        colour = any(photo.coloured for photo in photos) if choices.colour is None else choices.colour
        return _Form(size, colour, choices.fit or Fit.FIT)


def _in_classes(names: tuple[str, ...]) -> str:
    return f", in {len(names)} classes: {listed(names)}" if len(names) > 1 else ""


def _target_question(target: Target | None, names: tuple[str, ...]) -> Question:
    question = target_question(target, labels=len(names) > 1, needed=target is None)
    return replace(question, options=tuple(one for one in question.options if one.value is not Target.NUMBERS))


def _taken(found: ImageFiles, *, itself: bool) -> list[ImageFile]:
    """Return the images that are taken: also those in no subfolder, where every sample asks for itself."""
    loose = [ImageFile(path, "") for path in found.loose]
    return [*loose, *found.files] if itself or not found.files else found.files


def _usual_size(sizes: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the size that all have, or one in the middle that is not too large for a network of this program."""
    if not sizes:
        return (28, 28)
    if len(set(sizes)) == 1 and max(sizes[0]) <= 2 * _USUAL_LARGEST:
        return sizes[0]
    height, width = (median(size[axis] for size in sizes) for axis in (0, 1))
    scale = min(1.0, _USUAL_LARGEST / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def _read(file: ImageFile, folder: Path) -> Photo | PhotoError:
    try:
        return read_photo(file.path, str(file.path.relative_to(folder)))
    except PhotoError as error:
        return error


def _together(form: _Form, photos: Sequence[Photo]) -> NDArray[np.uint8]:
    made = np.stack([form.bring(photo) for photo in photos])
    return made if form.colour else made[:, 0]


def _samples(stored: NDArray[np.uint8], name: str, choices: Choices) -> Samples:
    return samples((stored,), name, replace(choices, channels=Channels.FIRST))


def _of_samples(made: Samples | None) -> tuple[Question, ...]:
    return sample_questions(made) if made is not None else ()


def _decoded(
    files: list[ImageFile], form: _Form, folder: Path, choices: Choices, progress: Progress
) -> tuple[NDArray[np.uint8], list[ImageFile], list[str]]:
    """Return all images as bytes, (n, h, w) or (n, 3, h, w), those that were read, and what is said of the others."""
    name, needed = shown(folder), len(files) * prod(form.shape)
    if needed > _LARGEST:
        raise DataError(
            f"{name}: expected images of at most {_LARGEST:,} bytes together; at {by(form.size)} pixels they take "
            f"{needed:,}. Choose a smaller size."
        )
    spool, kept, broken = Spool(), [], []
    try:
        for number, file in enumerate(files):
            progress.tell(number, len(files), f"Reading {file.label or name}")
            photo = _read(file, folder)
            if isinstance(photo, Photo):
                spool.write(form.bring(photo).tobytes())
                kept.append(file)
            elif choices.leave_broken_out:
                broken.append(str(photo))
            else:
                raise DataError(str(photo))
        if not kept:
            raise DataError(f"{name}: expected at least one image that can be read; there is none. {broken[0]}")
        shape = (len(kept), *(form.shape if form.colour else form.size))
        return spool.array(np.uint8, shape), kept, broken
    except OSError as error:
        spool.close()
        raise refused(folder, error) from None
    except BaseException:
        spool.close()
        raise


def _questions(form: _Form) -> Iterator[Question]:
    sizes = dict.fromkeys([form.size, *((side, side) for side in _USUAL_SIDES)])
    options = tuple(Option(size, f"{by(size)} pixels") for size in sizes)
    yield Question("size", "Size", form.size, options, least=1, most=LARGEST_SIDE)
    fits = (
        Option(Fit.FIT, "fit: all of the image, black beside it"),
        Option(Fit.CROP, "crop: the middle of the image"),
        Option(Fit.STRETCH, "stretch: other proportions"),
    )
    yield Question("fit", "Other proportions", form.fit, fits)
    yield Question("colour", "Colour", form.colour, (Option(True, "red, green and blue"), Option(False, "grey")))


def _broken_question(choices: Choices) -> Question:
    options = Option(False, "are refused, with the name of the first"), Option(True, "are left out, and named")
    return Question("leave_broken_out", "Broken images", bool(choices.leave_broken_out), options)


def _notes(found: ImageFiles, sampled: list[tuple[ImageFile, Photo | PhotoError]]) -> Iterator[str]:
    if found.test:
        yield f"{counted(found.test, 'image')} of the test part come last and are held back from training."
    broken = [str(photo) for _, photo in sampled if isinstance(photo, PhotoError)]
    yield from broken[:_MOST_NAMED]
    if found.loose and found.files:
        yield f"{counted(len(found.loose), 'image')} in no subfolder: left out."
    if found.empty:
        yield f"Subfolders without an image, left out: {listed(found.empty, _MOST_NAMED)}."
    if found.others:
        yield f"Files of other kinds, left out: {listed(found.others, _MOST_NAMED)}."
    if found.circles:
        yield f"Links to folders that are known already, left out: {listed(found.circles, _MOST_NAMED)}."
    sizes = {photo.size for _, photo in sampled if isinstance(photo, Photo)}
    if len(sizes) > 1:
        yield "The images have different sizes: all are brought to one."


def _told(form: _Form, broken: list[str], choices: Choices) -> Iterator[str]:
    """Say how the images were read."""
    colour = "red, green and blue" if form.colour else "grey (luma)"
    yield f"Images in {colour}, brought to {by(form.size)} pixels ({form.fit}), as whole numbers from 0 to 255."
    yield f"Divided by {choices.scale or 255:g} when they are taken."
    if broken:
        yield f"{counted(len(broken), 'image')} left out: {' '.join(broken[:_MOST_NAMED])}"
