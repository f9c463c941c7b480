"""Writes the tables of docs/desk_clocks.md from the rules; run as a module."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sync.sla.desk_clocks.book import ALWAYS, Department, DeskRules, Rule
from sync.sla.desk_clocks.entries import SEVERITIES, RuleEntry
from sync.sla.desk_clocks.loading import load_desk_rules

BEGIN = "<!-- rules: written from the data -->"
END = "<!-- end of rules -->"
PAGE = Path("docs/desk_clocks.md")
_HOUR_MINUTES = 60


def renewed(page: str, rules: DeskRules) -> str:
    """Return the page with the part between the two marks written anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_tables(rules)}\n{END}{after}"


def _tables(rules: DeskRules) -> str:
    entries = [(line.all[-1], line.all[-1].entry) for line in rules.rules]
    return "\n".join(
        [
            *("### Regulators and the exchange's own promise", ""),
            *_table(
                ("clock", "rule", "for", "until", "with a holding reply", "source", "checked"),
                (_rule_row(rule, entry) for rule, entry in entries),
            ),
            *("### Ask Legal", ""),
            *(f"- `{e.id}`: {e.ask_legal}" for _, e in entries if e.ask_legal),
            *("", "### The desk", ""),
            *_table(("first answer of a person", *SEVERITIES), [_severity_row(rules)]),
            *_table(
                ("department", "group in Zendesk", *SEVERITIES, "in its business hours"),
                (_department_row(line.all[-1]) for line in rules.departments.values()),
            ),
            *("### Places", ""),
            *_table(("code", "place", "zone", "public holidays", "part of"), _place_rows(rules)),
        ]
    )


def _rule_row(rule: Rule, entry: RuleEntry) -> tuple[str, ...]:
    limit = entry.limit or f"{rule.limits.all[-1].limit} (ours)"
    off = "" if entry.enabled else ", off"
    return (
        f"`{entry.metric}`",
        f"`{rule.policy_id}`{off}",
        _whom(entry),
        _limit(rule, entry, limit),
        _holding(entry),
        entry.source,
        entry.checked,
    )


def _limit(rule: Rule, entry: RuleEntry, limit: str) -> str:
    days = "" if rule.place is None else f", {rule.place.title}"
    if entry.same_as:
        return f"no figure in the rule: as `{entry.same_as}`"
    receipt = "" if entry.receipt == "as_it_is" else "; received after hours: next business day"
    return f"{limit}{days}{receipt}"


def _holding(entry: RuleEntry) -> str:
    if entry.holding is None:
        return "–"
    return entry.holding.until or "foreseen, moves nothing"


def _whom(entry: RuleEntry) -> str:
    said = ["complaints" if entry.complaint else "tickets"]
    said += [f"in {', '.join(entry.jurisdictions)}"] if entry.jurisdictions else []
    said += [f"about {', '.join(entry.products)}"] if entry.products else []
    said += [f"not about {', '.join(entry.except_products)}"] if entry.except_products else []
    said += [f"with reason {', '.join(entry.reasons)}"] if entry.reasons else []
    said += [f"by {', '.join(entry.channels)}"] if entry.channels else []
    return " ".join(said)


def _severity_row(rules: DeskRules) -> tuple[str, ...]:
    times = rules.severity.all[-1]
    return f"`{times.policy_id}`", *(_time(times.seconds[each]) for each in SEVERITIES)


def _department_row(department: Department) -> tuple[str, ...]:
    calm = [each for each in SEVERITIES if department.hours_for(each) != ALWAYS]
    hours = f"{', '.join(calm)}: {department.hours}" if calm else "–"
    times = (_time(department.seconds[each]) for each in SEVERITIES)
    return f"{department.code} {department.name_zh}", department.name_en, *times, hours


def _place_rows(rules: DeskRules) -> Iterator[tuple[str, ...]]:
    for place in {place.code: place for place in rules.places.values()}.values():
        calendar = place.calendar
        also = [name for name, its in rules.places.items() if its is place and name != place.code]
        holidays = calendar.holidays or ("none" if calendar.counts_business_days else "unknown")
        wider = sorted(place.belongs_to - {place.code})
        yield (
            ", ".join([place.code, *also]),
            place.title,
            calendar.zone.key,
            holidays,
            ", ".join(wider) or "–",
        )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield "|" + "---|" * len(names)
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _time(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, _HOUR_MINUTES)
    return f"{hours} h" if hours and not minutes else f"{seconds // 60} min"


if __name__ == "__main__":
    page = Path(sys.argv[1]) if sys.argv[1:] else PAGE
    page.write_text(renewed(page.read_text("utf-8"), load_desk_rules()), encoding="utf-8")
