"""Runs a riskdesk command that ends with its parent, even when the parent is killed.

The parent holds the other end of this process's standard input; when the parent is gone, however
it went, reading meets the end. So a demo that is killed leaves nothing running.
"""

import os
import sys
import threading

from riskdesk.commands import main


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    main()
