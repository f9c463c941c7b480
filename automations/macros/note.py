"""A draft as an internal note: for the agent's eyes, never sent to the customer by itself."""

from automations.macros.blanks import BLANKS
from automations.macros.render import Draft
from integrations.runtime.inert import one_line

_RULE = "――――――――――"


def draft_note(draft: Draft, *, headline: str) -> str:
    """Return the note: what it is, which blanks are open, then the reply to copy."""
    lines = [
        "DRAFT REPLY, not sent to the customer · 回复草稿，尚未发送给客户",
        one_line(headline, limit=300),
        f"Macro · 宏: {draft.slug} ({draft.title})",
        f"Right only when · 仅适用于: {draft.use_when}",
        "",
    ]
    if draft.missing:
        lines.append("Fill in before sending · 发送前请补全:")
        lines += [f"- {BLANKS[name].en} · {BLANKS[name].zh}" for name in draft.missing]
    else:
        lines.append("Nothing to fill in; please check every line · 无需补全，请逐行核对")
    lines += ["", _RULE, draft.text, _RULE]
    return "\n".join(lines)
