"""When a customer waits for a reply: the first one, and each further one."""

from collections.abc import Iterator

from sync.sla.spells import Life, RunsIn, Spell, Step, between
from sync.sla.timeline import STAFF, Role, Timeline

FIRST_REPLY = "first_reply_time"
NEXT_REPLY = "next_reply_time"
FORWARDED = "email_forwarded_by_agent"
SIDE_CONVERSATION = "side_conversation"


def first_reply(life: Life, runs_in: RunsIn) -> Iterator[Spell]:
    """At most one instance, until somebody of the staff answers or the ticket is solved."""
    opened = _first_reply_starts(life)
    if opened is not None:
        yield between(life, opened, _first_reply_ends(life, opened), runs_in)


def next_reply(life: Life, runs_in: RunsIn) -> Iterator[Spell]:
    """One instance for each time a customer waits for a further answer."""
    opened: int | None = None
    for index in range(_no_first_reply_owed_after(life) + 1, len(life.steps)):
        step = life.steps[index]
        solves = step.update.solves
        if opened is None:
            opened = index if _asks_again(step) and not solves else None
        elif solves or _answers_again(step):
            yield between(life, opened, index, runs_in)
            opened = None
    if opened is not None:
        yield between(life, opened, None, runs_in)


def _first_reply_starts(life: Life) -> int | None:
    """Return the step at which the first reply begins to be owed, if it ever does."""
    if _starts_at_creation(life.timeline, life.steps[0]):
        return 0
    if not _waits_for_the_requester(life.steps[0]):
        return None
    return next(
        (
            index
            for index, step in enumerate(life.steps[1:], start=1)
            if step.update.public and step.update.by_requester
        ),
        None,
    )


def _first_reply_ends(life: Life, opened: int) -> int | None:
    if life.steps[opened].update.solves:
        return opened
    return next(
        (
            index
            for index, step in enumerate(life.steps[opened + 1 :], start=opened + 1)
            if step.update.solves or _answers_first(step)
        ),
        None,
    )


def _starts_at_creation(timeline: Timeline, step: Step) -> bool:
    update, submitter = step.update, timeline.submitter
    for_end_user = update.requester is Role.END_USER
    forwarded = timeline.via == FORWARDED
    return (
        (submitter is Role.END_USER and update.public is True)
        or (submitter is Role.AGENT and forwarded)
        or timeline.via == SIDE_CONVERSATION
        or (
            for_end_user
            and update.public is True
            and step.flag(FIRST_REPLY, "activate_on_ticket_created_for_end_user")
        )
        or (
            for_end_user
            and update.public is False
            and submitter is Role.AGENT
            and step.flag(
                FIRST_REPLY, "activate_on_agent_ticket_created_for_end_user_with_internal_note"
            )
        )
        or (
            for_end_user
            and forwarded
            and submitter is Role.LIGHT_AGENT
            and step.flag(
                FIRST_REPLY, "activate_on_light_agent_on_email_forward_ticket_from_end_user"
            )
        )
        or (
            timeline.submitter_is_requester
            and submitter in STAFF
            and step.flag(FIRST_REPLY, "activate_on_agent_created_ticket_for_self")
        )
    )


def _waits_for_the_requester(opening: Step) -> bool:
    """Whether the ticket is an end user's but was not opened in public."""
    return opening.update.requester is Role.END_USER and opening.update.public is not True


def _answers_first(step: Step) -> bool:
    return step.update.is_reply or (
        step.update.is_staff_note and step.flag(FIRST_REPLY, "fulfill_on_agent_internal_note")
    )


def _no_first_reply_owed_after(life: Life) -> int:
    """Return the step after which a customer's comment asks for a next reply, not the first."""
    never = len(life.steps)
    opened = _first_reply_starts(life)
    if opened is not None:
        ended = _first_reply_ends(life, opened)
        if ended is None:
            return never
        if _answers_first(life.steps[ended]) or life.choices.next_reply_after_unanswered_solve:
            return ended
        return _next_public_reply(life, ended)
    if _waits_for_the_requester(life.steps[0]):
        return never
    from_staff = life.steps[0].update.requester in STAFF
    return 0 if from_staff or life.choices.next_reply_without_first_reply else never


def _next_public_reply(life: Life, after: int) -> int:
    replies = (i for i, step in enumerate(life.steps) if i > after and step.update.is_reply)
    return next(replies, len(life.steps))


def _asks_again(step: Step) -> bool:
    update = step.update
    if update.public is None:
        return False
    if update.by_requester and update.requester in STAFF:
        return step.flag(
            NEXT_REPLY, "activate_on_agent_requested_ticket_with_public_comment_or_internal_note"
        )
    if update.public:
        return update.by_requester
    return update.author is Role.END_USER and step.flag(
        NEXT_REPLY, "activate_on_end_user_added_internal_note"
    )


def _answers_again(step: Step) -> bool:
    return step.update.is_reply or (
        step.update.is_staff_note
        and step.flag(NEXT_REPLY, "fulfill_on_non_requesting_agent_internal_note_after_activation")
    )
