"""When a customer waits for a reply: the first one, and each further one."""

from collections.abc import Iterator

from sync.sla.life import Life, Said
from sync.sla.names import FIRST_REPLY, NEXT_REPLY
from sync.sla.spells import LIGHT_NOTE, NOTE, REPLY, Spell
from sync.sla.timeline import STAFF, Role

QUESTION, OWN_QUESTION = Said.QUESTION, Said.OWN_QUESTION
CUSTOMER_NOTE, OWN_NOTE = Said.CUSTOMER_NOTE, Said.OWN_NOTE

FORWARDED = "email_forwarded_by_agent"
SIDE_CONVERSATION = "side_conversation"

# What a policy may switch on: starts of the first reply ...
ANY_PUBLIC_OPENING = (FIRST_REPLY, "activate_on_ticket_created_for_end_user")
AGENT_OPENS_BY_NOTE = (
    FIRST_REPLY,
    "activate_on_agent_ticket_created_for_end_user_with_internal_note",
)
LIGHT_AGENT_FORWARDS = (
    FIRST_REPLY,
    "activate_on_light_agent_on_email_forward_ticket_from_end_user",
)
AGENT_ASKS_FOR_ITSELF = (FIRST_REPLY, "activate_on_agent_created_ticket_for_self")
# ... and its end; starts of the next reply, and its end.
NOTE_IS_FIRST_REPLY = (FIRST_REPLY, "fulfill_on_agent_internal_note")
CUSTOMER_NOTE_ASKS = (NEXT_REPLY, "activate_on_end_user_added_internal_note")
AGENT_ASKS_AGAIN = (
    NEXT_REPLY,
    "activate_on_agent_requested_ticket_with_public_comment_or_internal_note",
)
LIGHT_NOTE_ASKS = (NEXT_REPLY, "activate_on_light_agent_internal_note")
NOTE_IS_NEXT_REPLY = (NEXT_REPLY, "fulfill_on_non_requesting_agent_internal_note_after_activation")


def first_reply(life: Life) -> Iterator[Spell]:
    """At most one instance, until somebody of the staff answers or the ticket is solved."""
    opened = _first_reply_starts(life)
    if opened is not None:
        yield opened, _first_reply_ends(life, opened)


def next_reply(life: Life) -> Iterator[Spell]:
    """One instance for each time a customer waits for a further answer."""
    opened: int | None = None
    for index in range(_no_first_reply_owed_after(life) + 1, life.size):
        if opened is None:
            if _asks_again(life, index) and not life.finished[index]:
                opened = index
        elif _answers_again(life, index) or life.solves(index):
            yield opened, index
            opened = None
    if opened is not None:
        yield opened, None


def _first_reply_starts(life: Life) -> int | None:
    """Return the update at which the first reply begins to be owed, if it ever does."""
    if _starts_at_creation(life):
        return 0
    if not _waits_for_the_requester(life):
        return None
    for index in range(1, life.size):
        if not life.finished[index]:
            if life.said[index] is QUESTION:
                return index
            if _asks_again(life, index):
                return None  # by an optional rule: what is owed now is a next reply
    return None


def _first_reply_ends(life: Life, opened: int) -> int | None:
    if life.solves(opened):
        return opened
    after = range(opened + 1, life.size)
    return next((i for i in after if _answers_first(life, i) or life.solves(i)), None)


def _starts_at_creation(life: Life) -> bool:
    opening, submitter = life.opening, life.submitter
    public, forwarded = opening.public, opening.via == FORWARDED
    if (
        (submitter is Role.END_USER and public is True)
        or (submitter is Role.AGENT and forwarded)
        or opening.via == SIDE_CONVERSATION
    ):
        return True
    if life.requester is Role.END_USER:
        return (
            (public is True and life.flag(0, ANY_PUBLIC_OPENING))
            or (public is False and submitter is Role.AGENT and life.flag(0, AGENT_OPENS_BY_NOTE))
            or (forwarded and submitter is Role.LIGHT_AGENT and life.flag(0, LIGHT_AGENT_FORWARDS))
        )
    for_itself = opening.submitter_id == opening.fields.get("requester_id")
    return for_itself and submitter in STAFF and life.flag(0, AGENT_ASKS_FOR_ITSELF)


def _waits_for_the_requester(life: Life) -> bool:
    """Whether the ticket is an end user's but was not opened in public."""
    return life.requester is Role.END_USER and life.opening.public is not True


def _answers_first(life: Life, index: int) -> bool:
    said = life.said[index]
    is_note = said is NOTE or said is LIGHT_NOTE
    return said is REPLY or (is_note and life.flag(index, NOTE_IS_FIRST_REPLY))


def _no_first_reply_owed_after(life: Life) -> int:
    """Return the update after which a comment asks for a next reply, not the first."""
    never = life.size
    opened = _first_reply_starts(life)
    if opened is not None:
        ended = _first_reply_ends(life, opened)
        if ended is None:
            return never
        if _answers_first(life, ended) or life.choices.next_reply_after_unanswered_solve:
            return ended
        return _next_public_reply(life, ended)
    if _waits_for_the_requester(life):
        return 0
    from_staff = life.requester in STAFF
    return 0 if from_staff or life.choices.next_reply_without_first_reply else never


def _next_public_reply(life: Life, after: int) -> int:
    replies = (i for i, said in enumerate(life.said) if i > after and said is REPLY)
    return next(replies, life.size)


def _asks_again(life: Life, index: int) -> bool:
    said = life.said[index]
    if said is QUESTION:
        return True
    if said is CUSTOMER_NOTE:
        return life.flag(index, CUSTOMER_NOTE_ASKS)
    if said is OWN_QUESTION or said is OWN_NOTE:
        return life.flag(index, AGENT_ASKS_AGAIN)
    is_open = life.choices.light_agent_note_opens_next_reply and said is LIGHT_NOTE
    return is_open and life.flag(index, LIGHT_NOTE_ASKS)


def _answers_again(life: Life, index: int) -> bool:
    said = life.said[index]
    if said is REPLY:
        return True
    is_note = said is NOTE or (
        said is LIGHT_NOTE and life.choices.light_agent_note_fulfils_next_reply
    )
    return is_note and life.flag(index, NOTE_IS_NEXT_REPLY)
