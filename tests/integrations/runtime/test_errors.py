import inspect

import pytest

from integrations.runtime import errors
from integrations.runtime.errors import LeaseLost, RiskdeskError

CLASSES = [
    one
    for _, one in inspect.getmembers(errors, inspect.isclass)
    if one.__module__ == errors.__name__
]


def test_an_error_says_what_happened_and_what_to_do() -> None:
    error = RiskdeskError("The kettle is cold.", hint="switch it on.")

    assert str(error) == "The kettle is cold.\nWhat to do: switch it on."


@pytest.mark.parametrize("kind", CLASSES, ids=lambda one: one.__name__)
def test_every_error_stands_in_the_tree_with_its_parent_above_it(kind: type) -> None:
    tree = errors.__doc__ or ""
    parent = kind.__bases__[0].__name__

    assert kind.__name__ in tree
    assert parent == "Exception" or tree.index(parent) < tree.index(kind.__name__)


def test_a_lost_lease_names_the_ticket() -> None:
    assert "ticket 17" in LeaseLost(17).message
