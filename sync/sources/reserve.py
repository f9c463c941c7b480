"""How much of Zendesk's budgets the live lanes need, so that work on the past leaves it to them."""

import math
from collections.abc import Iterable, Mapping

from integrations.zendesk.budgets import ACCOUNT, BUDGETS, spent_by
from sync.streams.stream import Stream

OF_THE_ACCOUNT = 60  # calls a minute for people's tickets: the desk works while the past is copied


def kept_for_live(streams: Iterable[Stream], *, pace: float = 1.0) -> Mapping[str, int]:
    """Return the turns that live pulls take of each budget; `pace` stretches their moments."""
    windows = {budget.name: budget.seconds for budget in BUDGETS}
    need: dict[str, float] = {}
    for stream in streams:
        if not stream.tells_changes:
            continue
        for budget, _ in spent_by("GET", stream.path):
            pulls = windows[budget] / (stream.freshness.total_seconds() * pace)
            need[budget] = need.get(budget, 0.0) + pulls
    kept = {budget: math.ceil(turns) for budget, turns in need.items() if budget != ACCOUNT}
    return kept | {ACCOUNT: OF_THE_ACCOUNT}
