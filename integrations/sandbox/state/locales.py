"""The languages that an account speaks, with the numbers that Zendesk gives them."""

from typing import Any

from integrations.sandbox.state.store import Record

LOCALES = {1: ("en-US", "English"), 10: ("zh-CN", "简体中文"), 9: ("zh-TW", "繁體中文")}
DEFAULT_LOCALE = 1


def locale_values(asked: Record) -> dict[str, Any]:
    """Return number and code of the language that is asked for; an unknown one is the default."""
    number = asked.get("locale_id")
    if number not in LOCALES:
        wanted = str(asked.get("locale") or "").lower()
        known = {code.lower(): number for number, (code, _) in LOCALES.items()}
        number = known.get(wanted, DEFAULT_LOCALE)
    return {"locale_id": number, "locale": LOCALES[number][0]}
