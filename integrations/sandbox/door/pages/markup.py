"""HTML for the pages: whatever is not markup already is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --line: #8883; --soft: #8881; --dim: #777;
  --good: #1a7f4b; --bad: #c0392b; --warn: #b36b00; --blue: #2f6fb5;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
@media (prefers-color-scheme: dark) { :root { --dim: #999; --good: #4cc38a; --bad: #ff7b6b;
  --warn: #e5a33d; --blue: #7ab4f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 80rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .5rem; }
h2 small { font-weight: 400; color: var(--dim); margin-left: .5rem; }
a { color: var(--blue); text-decoration: none; } a:hover { text-decoration: underline; }
nav { margin-left: auto; display: flex; gap: 1rem; }
.dim { color: var(--dim); }
.cards { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0 0; }
.card { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem;
  min-width: 7rem; }
.card b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.card > span { color: var(--dim); font-size: .85rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .35rem .7rem; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: 500; white-space: nowrap; }
tr + tr td, tbody tr:first-child td { border-top: 1px solid var(--line); }
tbody tr:hover { background: var(--soft); }
td.tight { white-space: nowrap; font-variant-numeric: tabular-nums; }
.pill { display: inline-block; border-radius: 1rem; padding: 0 .55rem; font-size: .82rem;
  border: 1px solid currentColor; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.blue { color: var(--blue); }
.words { white-space: pre-wrap; overflow-wrap: anywhere; }
.comment { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .9rem;
  margin: .6rem 0; }
.comment.note { border-left: 4px solid var(--warn); }
.comment.reply { border-left: 4px solid var(--blue); }
.comment p { margin: 0 0 .25rem; font-size: .88rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0 0; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: .3rem 0; padding: .6rem; background: var(--soft); border-radius: .4rem;
  overflow-x: auto; font-size: .82rem; white-space: pre-wrap; }
summary { cursor: pointer; }
"""
TONES = {
    "new": "warn",
    "open": "bad",
    "pending": "blue",
    "hold": "dim",
    "solved": "good",
    "closed": "dim",
    "urgent": "bad",
    "high": "warn",
    "active": "good",
    "inactive": "dim",
    "success": "good",
    "failed": "bad",
    "terminated": "bad",
    "circuit broken": "bad",
    "throttled": "warn",
    "breach": "bad",
    "fulfill": "good",
}


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def html(template: str, *values: Any) -> Html:
    """Fill a template whose braces stand for values; what is not markup is escaped."""
    return Html(template.format(*map(shown, values)))


def shown(value: Any) -> Html:
    """Return a value as markup; nothing stands for None."""
    if isinstance(value, Html):
        return value
    return Html("" if value is None else escape(str(value)))


def joined(parts: Iterable[Any], between: str = "") -> Html:
    """Return several values as one piece of markup."""
    return Html(shown(between).join(map(shown, parts)))


def pill(word: Any) -> Html:
    """Return a word in a frame whose colour says whether it is good."""
    return (
        html('<span class="pill {}">{}</span>', TONES.get(str(word), "dim"), word)
        if word
        else Html()
    )


def link(address: str, text: Any) -> Html:
    """Return a link."""
    return html('<a href="{}">{}</a>', address, text)


def cards(values: Iterable[tuple[str, Any]]) -> Html:
    """Return numbers with what they count."""
    made = (html('<div class="card"><b>{}</b><span>{}</span></div>', n, what) for what, n in values)
    return html('<div class="cards">{}</div>', joined(made))


def section(title: str, content: Any, remark: Any = "") -> Html:
    """Return a part of a page under its heading; its address is the title's last word."""
    frame = '<section id="{}"><h2>{}<small>{}</small></h2>{}</section>'
    return html(frame, title.rsplit(maxsplit=1)[-1].lower(), title, remark, content)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], nothing: str = "None yet."
) -> Html:
    """Return a table; columns whose name begins with a star keep their texts on one line."""
    kept = list(rows)
    if not kept:
        return html('<p class="dim">{}</p>', nothing)
    head = joined(html("<th>{}</th>", name.lstrip("*")) for name in columns)
    kinds = ['<td class="tight">{}</td>' if name[0] == "*" else "<td>{}</td>" for name in columns]
    body = joined(
        html("<tr>{}</tr>", joined(html(kind, cell) for kind, cell in zip(kinds, row, strict=True)))
        for row in kept
    )
    frame = '<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    return html(frame, head, body)


def folded(summary: Any, text: str) -> Html:
    """Return a line that opens to show a longer text."""
    return html("<details><summary>{}</summary><pre>{}</pre></details>", summary, text)


def page(title: str, content: Iterable[Any], *, refresh: int | None = None) -> str:
    """Return a whole page; with `refresh` it loads itself again after so many seconds."""
    again = html('<meta http-equiv="refresh" content="{}">', refresh) if refresh else ""
    return html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">{}<title>{}</title>'
        "<style>{}</style></head><body>{}</body></html>",
        again,
        title,
        Html(STYLE),
        joined(content),
    )
