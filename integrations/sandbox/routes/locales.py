"""Locales: the languages that the account speaks."""

from integrations.sandbox.state.locales import DEFAULT_LOCALE, LOCALES
from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route

NAME = "locales"


def _present(call: Call, number: int) -> Record:
    code, name = LOCALES[number]
    stamp = call.account.brands.all()[0]["created_at"]
    return {
        "url": call.url(NAME, code),
        "id": number,
        "locale": code,
        "name": name,
        "created_at": stamp,
        "updated_at": stamp,
    }


def _index(call: Call) -> Answer:
    return Answer({NAME: [_present(call, number) for number in LOCALES]})


def _show(call: Call) -> Answer:
    wanted = str(call.params[0]).lower()
    for number, (code, _) in LOCALES.items():
        if wanted in (str(number), code.lower()):
            return Answer({"locale": _present(call, number)})
    raise not_found()


def _current(call: Call) -> Answer:
    number = call.actor["locale_id"]
    return Answer({"locale": _present(call, number if number in LOCALES else DEFAULT_LOCALE)})


ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", "locales/agent", _index, NAME, "agent"),
    Route("GET", "locales/public", _index, NAME, "public"),
    Route("GET", "locales/current", _current, NAME, "current"),
    Route("GET", "locales/{key}", _show, NAME, "show"),
)
