"""Runs a riskdesk command that ends with its parent, even when the parent is killed.

The parent holds the other end of this process's standard input; when the parent is gone, however
it went, reading meets the end. So a demo that is killed leaves nothing running.
"""

import os
import threading

from riskdesk.commands import main


def _end_with_parent() -> None:
    while os.read(0, 1024):  # not sys.stdin: its lock would be held while the interpreter ends
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    main()
