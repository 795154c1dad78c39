"""Read the session that a command line names."""

import sys
from argparse import Namespace
from pathlib import Path

from core.options import OptionError
from viz_app.saved.session import Saved


def read_saved(arguments: Namespace) -> Saved | None:
    """Return the session that a command line names; nothing where it names none. What is missing in it is told.

    Raises
    ------
    OptionError
        If it cannot be opened.
    """
    if arguments.session is None:
        return None
    from viz_app.saved.container import SessionError
    from viz_app.saved.session_reading import read_session

    path = Path(arguments.session)
    try:
        saved = read_session(path)
    except SessionError as error:
        raise OptionError(str(error)) from None
    except OSError as error:
        raise OptionError(f"Could not read {path}: {error.strerror or error}.") from None
    for note in saved.notes:
        sys.stderr.write(f"netstep: {note}\n")
    return saved
