"""Groups texts that must not fall on both sides of a split: of one person, or from one template.

Random splits look far better than they are: people write twice, and many paste the same text. Texts
are compared by the smallest hashes of their runs of words, so that each is looked at once.
"""

import re
import zlib
from collections.abc import Hashable, Iterable, Iterator
from typing import Final

import numpy as np

from automations.cases.grouping import Groups
from automations.triage.normalise import fold, normalise

_TOKEN: Final = re.compile("[a-z']+|[\\u4e00-\\u9fff]")  # numbers and addresses differ in templates
_RUN: Final = 4  # tokens in a row
_BANDS: Final = 4
_HASHES: Final = 2  # of one band must agree
_PRIME: Final = 4_294_967_291
_FACTORS: Final = np.array(
    [2_654_435_761, 2_246_822_519, 3_266_489_917, 668_265_263, 374_761_393, 1_103_515_245, 69_069,
     1_664_525],
    np.uint64,
)  # fmt: skip


def relatives(texts: Iterable[tuple[int, int, str]]) -> dict[int, int]:
    """Return for each ticket the lowest ticket that it is related to.

    Takes (ticket, requester, text); tickets of one requester are related, and so are those with
    near-identical texts.
    """
    groups = Groups()
    tickets = []
    for ticket, requester, text in texts:
        tickets.append(ticket)
        groups.add(ticket, ("ticket", ticket))
        if requester:
            groups.add(ticket, ("requester", requester))
        for band in _bands(text):
            groups.add(ticket, band)
    return {ticket: groups.lowest(ticket) for ticket in tickets}


def _bands(text: str) -> Iterator[Hashable]:
    tokens = _TOKEN.findall(fold(normalise(text)))
    runs = {" ".join(tokens[i : i + _RUN]) for i in range(max(1, len(tokens) - _RUN + 1))}
    hashes = np.array([zlib.crc32(run.encode()) for run in runs], np.uint64)
    least = (hashes[:, None] * _FACTORS[None, :] % _PRIME).min(axis=0).tolist()
    for band in range(_BANDS):
        part = least[band * _HASHES : (band + 1) * _HASHES]
        yield ("band", band, *part)
