"""A sandbox stops at once and quietly, whatever it is doing."""

import logging
import threading

import pytest
import requests

from integrations.sandbox.fault_rules import Slow, Timeout
from integrations.sandbox.faults import ApiFaults, Faults
from tests.support.sandbox import desk_on


@pytest.mark.parametrize("rule", [Timeout(seconds=60), Slow(seconds=60)])
def test_a_request_that_is_held_back_ends_with_the_sandbox(
    rule: Timeout | Slow, caplog: pytest.LogCaptureFixture
) -> None:
    ended = threading.Event()

    with caplog.at_level(logging.WARNING):
        with desk_on(faults=Faults(api=ApiFaults(rules=(rule,)))) as desk:

            def ask() -> None:
                with pytest.raises(requests.ConnectionError):
                    desk.call("GET", "tickets")
                ended.set()

            client = threading.Thread(target=ask)
            client.start()
            while not desk.sandbox.dice.struck:
                pass
        client.join(5)

    assert ended.is_set()
    assert caplog.messages == []
