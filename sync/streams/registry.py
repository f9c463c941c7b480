"""Every stream of the mirror, the most urgent first: exports spend their budget in this order."""

from collections.abc import Mapping

from sync.streams import account, conversations, people, policies, rules, tickets
from sync.streams.stream import Stream

STREAMS: tuple[Stream, ...] = (
    *tickets.CHANGES,
    *people.CHANGES,
    *conversations.CHANGES,
    *policies.LISTS,
    *people.LISTS,
    *account.LISTS,
    *rules.LISTS,
    *tickets.LISTS,
)
BY_NAME: Mapping[str, Stream] = {stream.name: stream for stream in STREAMS}
