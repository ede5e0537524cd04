"""``python -m tui``: the same front door as ``panicdesk``."""

import sys

from tui.cli import main

sys.exit(main())
