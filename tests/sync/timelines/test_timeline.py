"""Timelines: where things lie, what a clock's line is cut into, and what the picture shows."""

import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest

from integrations.runtime.inert import readable
from sync.timelines.chronicle import chronicle
from sync.timelines.lanes import lanes, standing
from sync.timelines.picture import draw
from sync.timelines.scale import Scale, spaced
from sync.timelines.segments import segments
from sync.timelines.story import Band, ClockLine, Story, Target, Voice, Word
from sync.timelines.wording import hours_of, span
from tests.sync.timelines.stories import HOUR, NINE, hour, make_clock, make_story

HOSTILE = '</text><script>alert("x")</script>&\x1b[2J\u202e\ufffe\ud800'


def shape(clock: ClockLine, story: Story) -> list[tuple[str, float, float]]:
    return [
        (part.kind.value, (part.since - NINE) / HOUR, (part.until - NINE) / HOUR)
        for part in segments(clock, story)
    ]


def texts(picture: str) -> list[str]:
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    return [element.text or "" for element in root.iter() if element.tag.endswith("text")]


def test_a_minute_is_seen_beside_a_month_and_order_is_kept() -> None:
    scale = Scale([0, 60, 30 * 86_400], left=100, right=900)
    places = [scale.place(at) for at in (-5, 0, 30, 60, 86_400, 30 * 86_400, 10**9)]

    assert places == sorted(places)
    assert (places[0], places[-1]) == (100, 900)
    assert scale.place(60) - scale.place(0) > 5


def test_between_two_events_the_line_is_even() -> None:
    scale = Scale([0, 1000, 5000], left=0, right=100)

    assert scale.place(500) == pytest.approx(scale.place(1000) / 2)


def test_labels_keep_their_distance_and_earlier_wishes_win() -> None:
    assert spaced([(0, 1), (50, 2), (30, 3), (65, 4)], apart=20, taken=[60]) == [(0, 1), (30, 3)]


def test_a_clock_runs_pauses_and_runs_late() -> None:
    clock = make_clock(breached=hour(6), pauses=[(hour(1), hour(3))])

    assert shape(clock, make_story(clock)) == [
        ("running", 0, 1),
        ("paused", 1, 3),
        ("running", 3, 6),
        ("running late", 6, 10),
    ]


def test_a_clock_stands_still_while_its_ticket_is_solved() -> None:
    clock = make_clock(ended=hour(8), state="achieved")
    told = [("open", 0, 2), ("solved", 2, 5), ("open", 5, 8), ("solved", 8, None)]

    assert shape(clock, make_story(clock, statuses=told)) == [
        ("running", 0, 2),
        ("stopped while solved", 2, 5),
        ("running", 5, 8),
    ]


def test_a_regulators_clock_goes_on_while_the_ticket_is_solved() -> None:
    clock = make_clock(source="regulation", ended=hour(8))
    told = [("open", 0, 2), ("solved", 2, 5), ("open", 5, None)]

    assert shape(clock, make_story(clock, statuses=told)) == [("running", 0, 8)]


def test_what_is_left_until_due_is_told_apart() -> None:
    clock = make_clock(due=hour(12))

    assert shape(clock, make_story(clock))[-1] == ("left until due", 10, 12)


def test_an_unknown_clock_has_no_line() -> None:
    clock = make_clock(state="unknown", elapsed=None, target=None, explanation="Nobody knows.")

    assert segments(clock, make_story(clock)) == []
    assert standing(lanes(make_story(clock))[0]).line == "unknown"
    assert texts(draw(make_story(clock))).count("Nobody knows.") == 2  # in its lane, and below


def test_a_deadline_far_away_leaves_room_for_what_happened() -> None:
    far = make_story(make_clock(due=hour(24 * 60)))
    near = make_story(make_clock(due=hour(20)), make_clock(due=hour(24 * 60)))

    assert far.end == near.end == hour(10 + 24)


def test_the_line_of_a_closed_ticket_ends_with_what_happened_last() -> None:
    told = [("open", 0, 30), ("closed", 30, None)]

    assert make_story(statuses=told, now=1000).end == hour(31)
    assert make_story(statuses=told, now=30).end == hour(30)


@pytest.mark.parametrize(
    ("values", "style", "line", "more"),
    [
        ({}, "open", "1 h of 4 h", "due never: the schedule does not open"),
        ({"due": hour(4)}, "open", "1 h of 4 h", "due 2 Mar 13:00"),
        ({"breached": hour(4)}, "bad", "1 h of 4 h", "breached 2 Mar 13:00, still runs"),
        ({"state": "paused"}, "open", "1 h of 4 h", "paused: no deadline meanwhile"),
        ({"state": "achieved", "ended": hour(1)}, "good", "1 h of 4 h", "met 2 Mar 10:00"),
        ({"target": None}, "small", "1 h, runs", ""),
    ],
)
def test_each_way_a_clock_stands_has_its_words(
    values: dict[str, Any], style: str, line: str, more: str
) -> None:
    found = standing(lanes(make_story(make_clock(**values)))[0])

    assert (found.style, found.line, found.more) == (style, line, more)


def test_clocks_of_one_metric_share_a_lane_and_are_counted() -> None:
    met = make_clock(state="achieved", ended=hour(1))
    missed = make_clock(2, instance=2, breached=hour(6))
    (lane,) = lanes(make_story(met, missed))

    assert lane.name == "Requester wait × 2"
    assert standing(lane).line == "1 met, 1 breached"
    assert missed.sentence == "Requester wait 2 is running."


def test_clocks_with_a_target_come_first_and_regulation_last() -> None:
    story = make_story(
        make_clock(title="MiCA answer", source="regulation"),
        make_clock(title="Agent work", target=None),
        make_clock(title="First reply"),
        make_clock(title="Answer of SEC", source="desk"),
    )

    names = [lane.title for lane in lanes(story)]
    assert names == ["First reply", "Agent work", "Answer of SEC", "MiCA answer"]


def test_the_chronicle_tells_people_first_and_what_is_due_last() -> None:
    clock = make_clock(
        due=hour(12),
        pauses=[(hour(2), hour(5))],
        targets=[
            Target(NINE, 8 * HOUR, business_hours=True, policy="Everybody", priority="low"),
            Target(hour(1), 4 * HOUR, business_hours=False, policy="Everybody", priority="high"),
        ],
    )
    story = make_story(
        clock,
        statuses=[("new", 0, 2), ("pending", 2, 5), ("open", 5, None)],
        words=[Word(NINE, Voice.CUSTOMER), Word(hour(2), Voice.STAFF)],
    )

    assert [entry.told for entry in chronicle(story)] == [
        "the ticket is created",
        "the customer writes",
        "Requester wait starts with 8 h of business time (Everybody)",
        "Requester wait now has 4 h (Everybody)",
        "staff reply in public",
        "status becomes pending",
        "Requester wait pauses",
        "status becomes open",
        "Requester wait goes on",
        "Requester wait is due",
    ]


def test_the_picture_shows_everything_and_is_the_same_each_time() -> None:
    opening = (hour(1), hour(3))
    clock = make_clock(breached=hour(6), openings=[opening], business_hours=True)
    story = make_story(clock, words=[Word(hour(1), Voice.NOTE)])
    picture = draw(story)

    assert picture == draw(story)
    assert {"Ticket 7", "Status", "Requester wait", "SLA POLICIES"} <= set(texts(picture))
    assert "Requester wait: running late, 2 Mar 15:00 to 2 Mar 19:00" in picture
    assert "Requester wait: breached 2 Mar 15:00" in picture
    assert "internal note, 2 Mar 10:00" in picture
    assert "outside business hours" in picture


def test_hostile_names_are_only_text() -> None:
    clock = make_clock(policy=HOSTILE, title=HOSTILE, explanation=HOSTILE)
    groups = [Band(HOSTILE, NINE, hour(1)), Band("Wallet", hour(1), None)]
    picture = draw(make_story(clock, groups=groups, marks=[HOSTILE]))

    assert "<script" not in picture
    assert any("<script>" in told for told in texts(picture))
    assert not set(picture) & {"\x1b", "\u202e", "\ufffe", "\ud800"}


def test_a_story_without_anything_is_drawn_too() -> None:
    assert "Ticket 7" in texts(draw(make_story(now=0)))


def test_rows_of_the_picture_do_not_overlap() -> None:
    many = [make_clock(title=f"Clock {number}") for number in range(10)]
    root = ET.fromstring(draw(make_story(*many)))  # noqa: S314 - our own picture
    written = [one for one in root.iter() if one.tag.endswith("text")]
    names = [one for one in written if (one.text or "").startswith("Clock ")]
    heights = sorted(float(one.attrib["y"]) for one in names)

    assert len(heights) == 10
    assert min(b - a for a, b in pairwise(heights)) >= 40


def test_durations_are_told_in_two_units_and_business_time_in_hours() -> None:
    assert [span(one) for one in (0, 59, 3600, 90_061, -60)] == [
        "0 s",
        "59 s",
        "1 h",
        "1 d 1 h",
        "−1 min",
    ]
    assert [hours_of(one) for one in (59, 3600, 86_400, 90_061)] == [
        "59 s",
        "1 h",
        "24 h",
        "25 h 1 min",
    ]


def test_foreign_names_are_cut_and_lose_what_nobody_can_see() -> None:
    assert readable("a\u202eb\nc", limit=10) == "a b c"
    assert readable("x" * 20, limit=5) == "xxxx…"
