"""The shipped triage, loaded once."""

import pytest

from automations.triage.service import Triage, load_triage


@pytest.fixture(scope="session")
def triage() -> Triage:
    return load_triage()
