"""Liquid fills texts with placeholders, and no template can make it run away."""

from typing import Any

import pytest

from integrations.sandbox.rules.liquid.rendering import render

SCOPE: dict[str, Any] = {
    "ticket": {
        "id": 7,
        "title": "Frozen <b>",
        "status": "Open",
        "tags": "vip urgent",
        "requester": lambda: {"name": "Wang Fang", "email": None},
        "comments": [{"value": "newest"}, {"value": "oldest"}],
        "ticket_field_5": None,
        "created_at": "2031-03-03T01:02:03Z",
    },
    "secret": object(),
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("no placeholder", "no placeholder"),
        ("#{{ticket.id}}", "#7"),
        ("{{ ticket.requester.name }}!", "Wang Fang!"),
        ("[{{ticket.unknown.deep}}]", "[]"),
        ("[{{ticket.requester.email}}]", "[]"),
        ("{{ticket.title | escape}}", "Frozen &lt;b&gt;"),
        ("{{ticket.status | downcase | append: '?'}}", "open?"),
        ("{{ticket.ticket_field_5 | default: 'none'}}", "none"),
        ("{{ticket.comments.size}} {{ticket.comments.first.value}}", "2 newest"),
        ("{{ticket.comments[1].value}}", "oldest"),
        ("{{ticket.title | truncate: 6, '…'}}", "Froze…"),
        ("{{ticket.created_at | date: '%Y/%m/%-d'}}", "2031/03/3"),
        ("{{ 7 | plus: 3 | divided_by: 4 }}", "2"),
        ("{{ticket.tags | split: ' ' | join: ', '}}", "vip, urgent"),
        ("{% if ticket.id == 7 %}yes{% else %}no{% endif %}", "yes"),
        ("{% if ticket.tags contains 'vip' and ticket.id > 8 %}a{% elsif true %}b{% endif %}", "b"),
        ("{% unless ticket.ticket_field_5 %}empty{% endunless %}", "empty"),
        ("{% if ticket.ticket_field_5 == blank %}blank{% endif %}", "blank"),
        ("{% case ticket.status %}{% when 'New', 'Open' %}1{% else %}2{% endcase %}", "1"),
        ("{% for c in ticket.comments %}{{forloop.index}}{{c.value}}{%endfor%}", "1newest2oldest"),
        ("{% for c in ticket.comments limit:1 %}{{c.value}}{% endfor %}", "newest"),
        ("{% for n in (1..9) %}{% if n == 3 %}{% break %}{% endif %}{{n}}{% endfor %}", "12"),
        ("{% assign x = ticket.id | times: 2 %}{{x}}", "14"),
        ("{% capture y %}<{{ticket.id}}>{% endcapture %}{{y}}", "<7>"),
        ("a{% comment %}{{ticket.id}}{% endcomment %}b", "ab"),
        ("{% raw %}{{ticket.id}}{% endraw %}", "{{ticket.id}}"),
        ("a  {{- ticket.id -}}  b", "a7b"),
    ],
)  # fmt: skip
def test_a_template_is_filled(template: str, expected: str) -> None:
    assert render(template, SCOPE) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{ticket.id",
        "{% if ticket.id %}",
        "{% endif %}",
        "{% nonsense %}",
        "{{ticket.id | }}",
        "{{ ; }}",
        "{% for x %}{% endfor %}",
        "{% break %}",
        "{{ 1 | divided_by: 0 }}",
        "{% if " + "1 and " * 5000 + "1 %}x{% endif %}",
        "{% if 1 %}" * 100 + "{% endif %}" * 100,
        "{% for a in (1..999) %}{% for b in (1..999) %}x{% endfor %}{% endfor %}",
        "{% assign x = 'ab' %}" + "{% assign x = x | append: x %}" * 40 + "{{x}}",
        "{% assign x = 99999 %}" + "{% assign x = x | times: x %}" * 40 + "{{x}}",
        "{{" * 30_000,
        "{{ 'a' | replace: '', 'b' }}" * 9000,
    ],
    ids=lambda template: template[:24],
)
def test_a_template_that_is_broken_or_asks_too_much_stays_as_it_is(template: str) -> None:
    assert render(template, SCOPE) == template


@pytest.mark.parametrize(
    "template",
    [
        "{{secret.__class__}}",
        "{{ticket.requester.__globals__}}",
        "{{ticket.__init__}}",
        "{{ticket['__class__']}}",
    ],
)
def test_nothing_behind_a_value_is_reached(template: str) -> None:
    assert render(template, SCOPE) == ""


def test_what_is_put_out_is_escaped_and_what_is_written_is_not() -> None:
    filled = render('{"t": "{{ticket.title}}"}', SCOPE, lambda text: text.upper())

    assert filled == '{"t": "FROZEN <B>"}'
