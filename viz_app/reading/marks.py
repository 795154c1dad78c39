"""Tell by the first bytes of a file what it is, where it is no data that can be taken, and what to do with it."""

_SAVE = "save what you need of it as CSV or .npz"
_MARKS: tuple[tuple[bytes, int, str, str], ...] = (
    (b"\x89HDF\r\n\x1a\n", 0, "an HDF5 file", _SAVE),
    (b"PAR1", 0, "a Parquet file", _SAVE),
    (b"ARROW1", 0, "an Arrow file", _SAVE),
    (b"MATLAB 5.0", 0, "a MATLAB file", _SAVE),
    (b"SQLite format 3", 0, "an SQLite database", _SAVE),
    (b"\xd0\xcf\x11\xe0", 0, "an old Office file", "save the sheet as CSV"),
    (b"%PDF", 0, "a PDF", _SAVE),
    (b"\x80\x02", 0, "a pickle, which could run any code", "save its arrays with numpy.savez"),
    (b"\x80\x03", 0, "a pickle, which could run any code", "save its arrays with numpy.savez"),
    (b"\x80\x04", 0, "a pickle, which could run any code", "save its arrays with numpy.savez"),
    (b"\x80\x05", 0, "a pickle, which could run any code", "save its arrays with numpy.savez"),
    (b"\x89PNG", 0, "an image", "open it as your own image, or a folder of images by class as data"),
    (b"\xff\xd8\xff", 0, "an image", "open it as your own image, or a folder of images by class as data"),
    (b"GIF8", 0, "an image", "open it as your own image, or a folder of images by class as data"),
    (b"RIFF", 0, "an image or a sound", "open an image as your own image, or a folder of images by class as data"),
    (b"BZh", 0, "compressed with bzip2", "unpack it first"),
    (b"\xfd7zXZ", 0, "compressed with xz", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", 0, "compressed with zstd", "unpack it first"),
    (b"7z\xbc\xaf", 0, "a 7z archive", "unpack it first"),
    (b"Rar!", 0, "a RAR archive", "unpack it first"),
    (b"ustar", 257, "a tar archive", "unpack it first"),
    (b"\x7fELF", 0, "a program", "choose another file"),
    (b"MZ", 0, "a program", "choose another file"),
)
MARKED = 512
"""So many bytes are enough to tell."""


def known_as(start: bytes) -> tuple[str, str] | None:
    """Return what a file is, and what to do with it; ``None`` where its first bytes do not say it."""
    return next(((kind, advice) for mark, at, kind, advice in _MARKS if start[at : at + len(mark)] == mark), None)
