"""What people read of a copy under way."""

from datetime import UTC, datetime, timedelta

from riskdesk.commands.sync_table import progress_line
from sync.mirror.status import LaneStatus

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def lane(**values: object) -> LaneStatus:
    nothing = dict.fromkeys(LaneStatus.__dataclass_fields__)
    counts = {"rows": 0, "requests": 0, "errors": 0, "is_late": False}
    return LaneStatus(**(nothing | counts | {"stream": "tickets", "lane": "live"} | values))  # type: ignore[arg-type]


def test_a_line_of_a_log_tells_counts_and_how_far_the_past_is() -> None:
    lanes = [
        lane(rows=1_500, requests=3),
        lane(rows=20_000, requests=20, share=0.25, finishes_at=NOON + timedelta(hours=2)),
        lane(stream="users", rows=7, requests=1, errors=2, share=1.0),
    ]

    assert progress_line(lanes, now=NOON).plain == (
        "2026-03-03 12:00 21,507 records in 24 requests, 2 errors, tickets 25.0%, done in 2 h 0 min"
    )
