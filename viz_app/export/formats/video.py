"""MP4, WebM and WebP, encoded by FFmpeg through PyAV, frame after frame."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viz_app.export.formats.base import About, Format, Holds
from viz_app.export.layers import Timed, images, timed_sheets
from viz_app.export.look import Look
from viz_app.export.pages import Page
from viz_app.export.raster import rgba
from viz_app.export.threads import in_thread

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream

_BT709 = 1
"""ITU-R 709 of primaries, transfer and matrix, and the narrow range of a video, as FFmpeg numbers them."""
_NARROW = 1
_FULL = 2
_WEBP_RATE = 1000

Shown = tuple[QImage, float]
"""A picture, and the seconds that it is shown."""
Converter = Callable[[QImage], "VideoFrame"]
"""Makes a frame of a picture; the picture may change afterwards, the frame does not."""


class Animated(Format):
    """Pages that follow each other in one file."""

    holds = Holds.ALL
    timed = True
    container: ClassVar[str]
    codec: ClassVar[str]
    pixels: ClassVar[str]
    """The layout of a pixel, as FFmpeg calls it."""
    options: ClassVar[Mapping[str, str]] = {}
    """Of the codec."""
    muxing: ClassVar[Mapping[str, str]] = {}
    """Of the container."""

    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        def encode(frames: Iterator[Timed]) -> None:
            self._encode(images(frames), path, about)

        return in_thread(encode, timed_sheets(pages))

    def _encode(self, frames: Iterator[Shown], path: Path, about: About) -> None:
        import av  # late: it takes a tenth of a second

        try:
            with av.open(str(path), "w", format=self.container, options=dict(self.muxing)) as output:
                stream = None
                end = 0
                frame_of = self.converter()
                for image, seconds in frames:
                    if stream is None:
                        stream = self._stream(output, image, about)
                    end = self._show(output, stream, frame_of(image), seconds, end)
                if stream is not None:
                    output.mux(stream.encode(None))
        except av.FFmpegError as error:
            raise OSError(error.errno, error.strerror, str(path)) from None

    def _stream(self, output: "OutputContainer", image: QImage, about: About) -> "VideoStream":
        stream: Any = output.add_stream(self.codec, rate=self.rate(about), options=dict(self.options))
        stream.width, stream.height = self.size(image)
        stream.pix_fmt = self.pixels
        stream.time_base = stream.codec_context.time_base = Fraction(1, self.rate(about))
        self._prepare(stream)
        made: VideoStream = stream
        return made

    def _show(
        self, output: "OutputContainer", stream: "VideoStream", frame: "VideoFrame", seconds: float, start: int
    ) -> int:
        """Write a picture, and return when it ends, in the units of the encoder: the container takes others."""
        unit = stream.codec_context.time_base
        end = start + max(round(seconds / unit), 1)
        frame.time_base = unit
        for time in self.times(start, end):
            frame.pts = time
            frame.duration = end - start if self.times(start, end) == (start,) else 1
            output.mux(stream.encode(frame))
        return end

    def _prepare(self, stream: Any) -> None:
        """Set what is special of the codec."""

    def rate(self, about: About) -> int:
        """Return how many units of time a second has."""
        return about.timing.rate

    def size(self, image: QImage) -> tuple[int, int]:
        """Return the width and height of the video of images."""
        return image.width(), image.height()

    def times(self, start: int, end: int) -> Iterable[int]:
        """Return when a picture that is shown from ``start`` to ``end`` is written."""
        return (start,)

    @abstractmethod
    def converter(self) -> "Converter":
        """Return what makes frames of the pictures of one video, one after the other."""


class _Video(Animated):
    """A video in the colours of ITU-R 709, every picture as often as its time asks for: some players know no other."""

    pixels = "yuv420p"

    def check(self, look: Look) -> str | None:
        super().check(look)
        width, height = look.pixels
        if width % 2 == height % 2 == 0:
            return None
        return f"A video has even sides: {width}x{height} becomes {width - width % 2}x{height - height % 2}."

    def size(self, image: QImage) -> tuple[int, int]:
        return image.width() - image.width() % 2, image.height() - image.height() % 2

    def times(self, start: int, end: int) -> Iterable[int]:
        return range(start, end)

    def converter(self) -> "Converter":
        import av
        from av.video.reformatter import VideoReformatter

        reformatter = VideoReformatter()  # kept: it prepares tables for a size and a layout of pixels

        def frame_of(image: QImage) -> "VideoFrame":
            width, height = self.size(image)
            pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
            made = av.VideoFrame.from_numpy_buffer(pixels[:height, :width], "bgra")
            return reformatter.reformat(made, format=self.pixels, dst_colorspace=_BT709, src_color_range=_FULL,
                                        dst_color_range=_NARROW)  # fmt: skip

        return frame_of

    def _prepare(self, stream: Any) -> None:
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _NARROW


class Mp4(_Video):
    """H.264, which PowerPoint, Keynote and browsers play; its index stands first, so that it plays while it loads."""

    name = "mp4"
    title = "MP4 video"
    endings = (".mp4", ".m4v")
    longest = 8_192
    container = "mp4"
    codec = "libx264"
    options = {"crf": "14", "preset": "superfast", "profile": "high", "threads": "4",
               "x264-params": "bframes=0:ref=1:aq-mode=0:chroma-qp-offset=-8"}  # fmt: skip
    """The same number of threads everywhere, on which the bytes depend; no frames that wait for later ones. Letters
    and borders have as many bits as flat areas, and colours more: for pictures of cells that is nearer, and quicker."""
    muxing = {"movflags": "+faststart"}


class Webm(_Video):
    """VP9, which browsers play."""

    name = "webm"
    title = "WebM video"
    endings = (".webm",)
    longest = 16_384
    container = "webm"
    muxing = {"fflags": "+bitexact"}
    """Else it has a random identity."""
    codec = "libvpx-vp9"
    options = {"crf": "8", "b": "0", "deadline": "realtime", "cpu-used": "7", "row-mt": "1", "threads": "2"}


class Webp(Animated):
    """A WebP without loss, which moves where it has several pages."""

    name = "webp"
    title = "WebP animation"
    endings = (".webp",)
    transparent = True
    longest = 16_383
    container = "webp"
    codec = "libwebp_anim"
    pixels = "bgra"
    options = {"lossless": "1", "compression_level": "1", "quality": "30"}
    muxing = {"loop": "0"}

    def rate(self, about: About) -> int:
        return _WEBP_RATE

    def _encode(self, frames: Iterator[Shown], path: Path, about: About) -> None:
        last = [0.0]

        def noted() -> Iterator[Shown]:
            for image, seconds in frames:
                last[0] = seconds
                yield image, seconds

        super()._encode(noted(), path, about)
        with path.open("r+b") as stream:
            _hold_last(stream, round(last[0] * _WEBP_RATE))

    def converter(self) -> "Converter":
        import av

        def frame_of(image: QImage) -> "VideoFrame":
            made: NDArray[np.uint8] = rgba(image)[..., [2, 1, 0, 3]]
            return av.VideoFrame.from_ndarray(np.ascontiguousarray(made), "bgra")

        return frame_of


def _hold_last(stream: BinaryIO, milliseconds: int) -> None:
    """Write how long the last frame of a WebP is shown: the encoder takes the mean of the others.

    References
    ----------
    "WebP Container Specification" (Google): a chunk ``ANMF`` has its duration from byte 12 on, in 24 bits.
    """
    place, last = 12, None
    stream.seek(place)
    while len(head := stream.read(8)) == 8:
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        last = place if kind == b"ANMF" else last
        place = stream.seek(place + 8 + length + length % 2)
    if last is not None:
        stream.seek(last + 8 + 12)
        stream.write(min(milliseconds, (1 << 24) - 1).to_bytes(3, "little"))
