"""The one file starts here, in whichever Python was found: even a much older one must be able to read this."""

import os
import sys

if sys.version_info < (3, 11):
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        try:
            os.execvp(name, [name] + sys.argv)
        except OSError:
            pass
    sys.exit(
        "panicdesk: Python 3.11 or newer is needed, this is %d.%d. On Enterprise Linux: dnf install python3.11"
        % sys.version_info[:2]
    )

from tui.cli import main

sys.exit(main())
