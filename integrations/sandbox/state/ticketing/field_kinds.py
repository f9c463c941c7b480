"""Custom fields: which values each type takes, and how they are kept."""

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.refusals import Refusal, invalid_fields

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
DECIMAL = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{1,18})?|\.[0-9]{1,18})")
CARD = re.compile(r"(?:[Xx*]{12})?([0-9]{4})")
YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
LONGEST_TEXT = 65_535
LONGEST_MATCHED = 255
ATOM = re.compile(r"\\.|\[\^?\]?[^\]]*\]")
PLAIN_GROUP = re.compile(r"\((?:\?:)?[^()|+*?{}]*\)")
MOST_REPEATS = 3
TYPE_NAMES = {
    "tagger": "FieldTagger",
    "tickettype": "FieldTicketType",
    "partialcreditcard": "FieldPartialCreditCard",
}
Keeper = Callable[[dict[str, Any], Any], Any]
TARGETS = {"zen:user": "users", "zen:organization": "organizations", "zen:ticket": "tickets"}
# what fields of dates say that their values match
A_DAY = r"\A([0-9]{4})-(1[0-2]|0[1-9])-(3[01]|[12][0-9]|0[1-9])\z"


def field_type_name(field: "Record") -> str:
    """Return the type of a field as errors name it."""
    kind = str(field["type"])
    return TYPE_NAMES.get(kind, f"Field{kind.capitalize()}")


def kept_value(account: "Account", field: "Record", value: Any) -> Any:
    """Return the value as a ticket keeps it; refuse one that does not fit the type."""
    kind = field["type"]
    if kind == "checkbox":
        return _checkbox(field, value)
    if value in (None, "", []):
        return None
    if kind == "lookup":
        return _lookup(account, field, value)
    if isinstance(value, dict) or (isinstance(value, list) and kind != "multiselect"):
        raise not_fitting(field)
    check: Keeper = KEPT.get(kind, _text)
    return check(field, value)


def empty_value(field: "Record") -> Any:
    """Return the value of a field that nobody has filled in."""
    return False if field["type"] == "checkbox" else None


def problem_with(field: "Record", text: str) -> dict[str, Any]:
    """Return what an error says about one field."""
    return {
        "description": f"{field['title']}: {text}",
        "error": None,
        "ticket_field_id": field["id"],
        "ticket_field_type": field_type_name(field),
    }


def not_fitting(field: "Record") -> Refusal:
    """Say that a field does not take such a value."""
    return invalid_fields([problem_with(field, "is invalid") | {"error": "InvalidValue"}])


def _checkbox(field: "Record", value: Any) -> bool:
    word = str(value).lower()
    if value is None or word in ("", *NO):
        return False
    if word not in YES:
        raise not_fitting(field)
    return True


def _text(field: "Record", value: Any) -> str:
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise not_fitting(field)
    return text


def _integer(field: "Record", value: Any) -> str:
    text = str(value).strip()
    if isinstance(value, bool) or not WHOLE.fullmatch(text):
        raise not_fitting(field)
    return str(int(text))


def _decimal(field: "Record", value: Any) -> str:
    text = str(value).strip()
    if isinstance(value, bool) or not DECIMAL.fullmatch(text):
        raise not_fitting(field)
    return text


def _date(field: "Record", value: Any) -> str:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        raise not_fitting(field) from None


def _regexp(field: "Record", value: Any) -> str:
    text, pattern = str(value), field.get("regexp_for_validation")
    if not pattern or not _is_quick(pattern):
        return text
    try:
        # Ruby's end of text is written differently
        found = re.search(pattern.replace(r"\z", r"\Z"), text[:LONGEST_MATCHED])
    except re.error:
        return text
    if found is None:
        raise not_fitting(field)
    return text


def _is_quick(pattern: str) -> bool:
    """Return whether a pattern cannot take for ever; one that might is kept and not applied."""
    flat = PLAIN_GROUP.sub("x", ATOM.sub("x", pattern))
    return not re.search(r"\)[+*{]", flat) and len(re.findall(r"[+*]|,\}", flat)) <= MOST_REPEATS


def _card(field: "Record", value: Any) -> str:
    """Return a credit card of which only the last four digits are known."""
    found = CARD.fullmatch(str(value).replace(" ", ""))
    if found is None:
        raise not_fitting(field)
    return "X" * 12 + found[1]


def _multiselect(field: "Record", value: Any) -> list[str] | None:
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list):
        raise not_fitting(field)
    options = [option["value"] for option in field.get("custom_field_options") or ()]
    return [option for option in options if option in {str(word) for word in words}] or None


def _lookup(account: "Account", field: "Record", value: Any) -> str:
    """Return the id of a record of the kind to which the field leads."""
    if isinstance(value, bool) or not WHOLE.fullmatch(str(value)):
        raise not_fitting(field)
    shelf = getattr(account, TARGETS.get(str(field.get("relationship_target_type")), ""), None)
    if shelf is not None and int(value) not in shelf:
        raise not_fitting(field)
    return str(value)


KEPT: dict[str, Keeper] = {
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "regexp": _regexp,
    "partialcreditcard": _card,
    "multiselect": _multiselect,
}
