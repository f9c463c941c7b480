"""Where the shared reference material is; tests that need it skip, with a reason, without it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RISKDESK_SHARED", ROOT.parent / "shared"))
SERVICES_REQUIRED = os.environ.get("RISKDESK_REQUIRE_SERVICES") == "1"


def shared_file(name: str) -> Path:
    """Return a file of the shared material; skip the test, or fail it in CI, when it is absent."""
    path = SHARED / name
    if not path.exists():
        if SERVICES_REQUIRED:
            pytest.fail(f"{path} is required here and missing")
        pytest.skip(f"the shared material is not here: {path}")
    return path
