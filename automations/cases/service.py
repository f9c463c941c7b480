"""Links a ticket with others by what it names, on the caller's connection and in its transaction.

Adding a ticket looks only at what it names. All tickets that name the same are in one case already,
so that one other ticket of each indicator stands for all. Only where something is taken away (a
ticket is erased, an indicator turns out to be common) is the case concerned grouped anew.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from automations.cases.grouping import Groups
from automations.cases.mentions import Mention, Relation
from automations.cases.repository import CaseRepository, Indicator, Member
from automations.cases.supernodes import Supernodes, known_supernodes

OPENED, JOINED, MERGED, LEFT, CLOSED = "opened", "joined", "merged", "left", "closed"
_LETTERS = {Relation.VICTIM_OF: "V", Relation.CONTROLS: "C"}


class Standing(NamedTuple):
    """The case of a ticket, and how many different customers it has; no case: one."""

    case_id: str | None
    reports: int


ALONE = Standing(None, 1)


def case_id_of(relation: Relation, lowest_ticket: int) -> str:
    """Return the name of a case: it follows from its lowest ticket alone."""
    return f"{_LETTERS[relation]}-{lowest_ticket}"


def lowest_of(case_id: str) -> int:
    """Return the lowest ticket of a case."""
    return int(case_id.partition("-")[2])


def link(
    connection: Connection,
    *,
    ticket_id: int,
    requester_id: int,
    mentions: Collection[Mention],
    now: datetime,
    supernodes: Supernodes | None = None,
) -> Standing:
    """Store what a ticket names, link it, and return how it stands among victims of the same."""
    repository = CaseRepository(connection)
    before = repository.indicators_of(ticket_id)
    known = {indicator.mention for indicator in before}
    wanted = {mention for mention in mentions if mention.can_link}
    if known != wanted:
        repository.lock()
        linker = _Linker(repository, supernodes or known_supernodes(), now)
        member = Member(ticket_id, requester_id)
        linker.forget(member, [one for one in before if one.mention not in wanted])
        for mention in sorted(wanted - known):
            linker.add(member, mention)
    return standing(connection, ticket_id)


def forget(connection: Connection, ticket_id: int, *, now: datetime) -> None:
    """Take a ticket out of all that links it, because its contents are erased."""
    repository = CaseRepository(connection)
    before = repository.indicators_of(ticket_id)
    if before:
        repository.lock()
        linker = _Linker(repository, known_supernodes(), now)
        linker.forget(Member(ticket_id, 0), before)


def standing(
    connection: Connection, ticket_id: int, relation: Relation = Relation.VICTIM_OF
) -> Standing:
    """Return the case of a ticket and how many different customers it has."""
    repository = CaseRepository(connection)
    case_id = repository.case_of(ticket_id, relation)
    return Standing(case_id, repository.requesters(case_id)) if case_id else ALONE


def foreseen_reports(
    connection: Connection, *, ticket_id: int, requester_id: int, mentions: Iterable[Mention]
) -> int:
    """Return how many customers will report the same once this ticket is linked; reads only."""
    repository = CaseRepository(connection)
    requesters = {requester_id}
    case_ids = {repository.case_of(ticket_id, Relation.VICTIM_OF)}
    for mention in mentions:
        found = repository.find(mention) if mention.relation is Relation.VICTIM_OF else None
        if found is None or found.is_supernode:
            continue
        other = repository.another_member(found.id, ticket_id)
        if other is not None:
            requesters.add(other.requester_id)
            case_ids.add(repository.case_of(other.ticket_id, Relation.VICTIM_OF))
    members = repository.members([case_id for case_id in case_ids if case_id])
    return len(requesters | {member.requester_id for member in members})


class _Linker:
    """Links one ticket within one transaction."""

    def __init__(self, repository: CaseRepository, supernodes: Supernodes, now: datetime) -> None:
        self._repository = repository
        self._supernodes = supernodes
        self._now = now

    def add(self, member: Member, mention: Mention) -> None:
        """Note that a ticket names something, and put it together with all who do."""
        found = self._repository.add(member, mention)
        if self._supernodes.is_one(mention, found.tickets):
            if not found.is_supernode:
                self._ignore(found)
            return
        other = self._repository.another_member(found.id, member.ticket_id)
        if other is not None:
            self._join(member, other, mention.relation)

    def forget(self, member: Member, indicators: Collection[Indicator]) -> None:
        """Take away what a ticket no longer names, and part what held together only by it."""
        self._repository.drop(member.ticket_id, indicators)
        for relation in sorted({indicator.mention.relation for indicator in indicators}):
            case_id = self._repository.case_of(member.ticket_id, relation)
            if case_id is not None:
                self._regroup(case_id, relation)

    def _ignore(self, indicator: Indicator) -> None:
        """Let something link nobody any more; whatever it held together parts."""
        self._repository.mark_supernode(indicator.id, is_supernode=True)
        relation = indicator.mention.relation
        for case_id in sorted(self._repository.cases_naming(indicator.id, relation)):
            self._regroup(case_id, relation)

    def _join(self, member: Member, other: Member, relation: Relation) -> None:
        """Make one case of two tickets and of the cases that they are in."""
        repository = self._repository
        alone, old_cases = [], set()
        for one in (member, other):
            case_id = repository.case_of(one.ticket_id, relation)
            if case_id is None:
                alone.append(one)
            else:
                old_cases.add(case_id)
        lowest = min([one.ticket_id for one in alone] + [lowest_of(case) for case in old_cases])
        case_id = case_id_of(relation, lowest)
        if repository.open_case(case_id, relation, lowest, self._now):
            repository.note(case_id, OPENED, self._now, ticket_id=member.ticket_id)
        for old in sorted(old_cases - {case_id}):
            repository.move(old, case_id)
            repository.close_case(old, merged_into=case_id, now=self._now)
            repository.note(case_id, MERGED, self._now, ticket_id=member.ticket_id, other=old)
        repository.put(alone, relation, case_id)
        for one in alone:
            repository.note(case_id, JOINED, self._now, ticket_id=one.ticket_id)

    def _regroup(self, case_id: str, relation: Relation) -> None:
        """Group the tickets of one case anew: it may fall into several, or into none."""
        repository = self._repository
        members = {member.ticket_id: member for member in repository.members([case_id])}
        groups = Groups()
        for ticket_id, indicator_id in repository.links_of(sorted(members), relation):
            groups.add(ticket_id, indicator_id)
        found = groups.members()
        stay = {ticket for tickets in found.values() for ticket in tickets}
        leave = sorted(members.keys() - stay)
        repository.take_out(leave, relation)
        for ticket_id in leave:
            repository.note(case_id, LEFT, self._now, ticket_id=ticket_id)
        for lowest, tickets in found.items():
            part = case_id_of(relation, lowest)
            if part != case_id:
                if repository.open_case(part, relation, lowest, self._now):
                    repository.note(part, OPENED, self._now, other=case_id)
                repository.put([members[ticket] for ticket in tickets], relation, part)
        if lowest_of(case_id) not in found:
            repository.close_case(case_id, merged_into=None, now=self._now)
            repository.note(case_id, CLOSED, self._now)
