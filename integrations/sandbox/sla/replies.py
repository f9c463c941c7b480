"""The reply clock: instance 1 is the first reply, each later one a next reply."""

from integrations.sandbox.sla.clocks import Clock
from integrations.sandbox.sla.names import FIRST_REPLY, NEXT_REPLY
from integrations.sandbox.sla.turn import Said, Turn
from integrations.sandbox.state.metric_events import REPLY
from integrations.sandbox.state.people.users import is_light_agent, is_staff
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

FIRST = 1


def follow_replies(turn: Turn) -> None:
    """Start the reply clock when somebody waits for a reply, end it with the reply or Solved."""
    if turn.is_creation and _first_reply_is_owed(turn):
        turn.start(REPLY, FIRST)
    clock = turn.live(REPLY)
    if clock is not None:
        if turn.is_solved or (not turn.is_creation and _answers(turn, clock)):
            turn.finish(clock)
    elif turn.said is not None and not turn.is_solved and not turn.is_creation:
        _listen(turn, turn.said)


def _first_reply_is_owed(turn: Turn) -> bool:
    ticket, users = turn.ticket, turn.account.users
    submitter, requester = users.find(ticket["submitter_id"]), users.find(ticket["requester_id"])
    if submitter is None or requester is None or turn.said is None:
        return False
    is_public = turn.said.is_public
    if not is_staff(submitter):
        return is_public
    if ticket["via"]["channel"] == "side_conversation":  # a child ticket
        return True
    if is_staff(requester):
        return _flag(turn, "activate_on_agent_created_ticket_for_self", submitter is requester)
    is_light = is_light_agent(submitter)
    if ticket["via"]["channel"] == "email":  # a member of staff forwarded what a customer wrote
        light = "activate_on_light_agent_on_email_forward_ticket_from_end_user"
        if not is_light or _flag(turn, light):
            return True
    by_note = "activate_on_agent_ticket_created_for_end_user_with_internal_note"
    return _flag(turn, "activate_on_ticket_created_for_end_user", is_public) or _flag(
        turn, by_note, not is_public and not is_light
    )


def _flag(turn: Turn, name: str, applies: bool = True) -> bool:  # noqa: FBT001, FBT002
    return applies and turn.promises.flag(FIRST_REPLY, name)


def _answers(turn: Turn, clock: Clock) -> bool:
    """Return whether the comment is the reply for which the clock waits."""
    said = turn.said
    if said is None or not said.by_staff or said.by_requester:
        return False
    if said.is_public:
        return True
    if clock.instance == FIRST:
        return turn.promises.flag(FIRST_REPLY, "fulfill_on_agent_internal_note")
    name = "fulfill_on_non_requesting_agent_internal_note_after_activation"
    return not said.by_light_agent and turn.promises.flag(NEXT_REPLY, name)


def _listen(turn: Turn, said: Said) -> None:
    """Start the clock of the reply that a comment asks for."""
    latest = turn.clocks.get(REPLY)
    asks = said.by_requester and not said.by_staff and said.is_public
    if asks and latest is None and _began_with_a_note_of_staff(turn.case, turn):
        turn.start(REPLY, FIRST)
    elif asks or _asks_by_flag(turn, said):
        turn.start(REPLY, latest.instance + 1 if latest else FIRST + 1)


def _began_with_a_note_of_staff(case: TicketCase, turn: Turn) -> bool:
    opening, _ = case.comments()[0]
    author = turn.account.users.find(opening["author_id"])
    return not opening["public"] and author is not None and is_staff(author)


def _asks_by_flag(turn: Turn, said: Said) -> bool:
    if said.by_staff:
        name = "activate_on_agent_requested_ticket_with_public_comment_or_internal_note"
        return said.by_requester and turn.promises.flag(NEXT_REPLY, name)
    return not said.is_public and turn.promises.flag(
        NEXT_REPLY, "activate_on_end_user_added_internal_note"
    )
