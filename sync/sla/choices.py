"""What no source settles about Zendesk's clocks, each with the answer we chose."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Open questions; pass another value to the engine where an account shows otherwise."""

    # A reply in the very second of the deadline.
    reply_on_deadline_breaches: bool = False
    # A breach was recorded and the target is later relaxed or removed.
    breach_survives_relaxed_target: bool = True
    # The update that finishes a clock also changes its target.
    finishing_update_sets_target: bool = True
    # The customer comments after an agent's public opening that started no first-reply clock.
    next_reply_without_first_reply: bool = True
    # The customer comments after the ticket was solved without any reply.
    next_reply_after_unanswered_solve: bool = True
    # An agent's own comment opens the ticket.
    opening_starts_updates: bool = True


DEFAULT_CHOICES = Choices()
