"""A fresh office for each test of business rules."""

import pytest

from tests.support.rules import Office


@pytest.fixture
def office() -> Office:
    return Office()
