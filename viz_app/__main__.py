"""Run the command line: ``netstep``, or ``python -m viz_app``."""

import sys

from viz_app.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
