"""The dates of every regime, counted by hand on the calendars of the years 2026 and 2027."""

import pytest

from sync.sla.clocks import Phase, Source
from tests.support.desk_clocks import clocks_of, complaint, told

PAYMENT, PORTAL = "product_payment", "cfpb_portal"


def tags(jurisdiction: str, *more: str) -> list[str]:
    return ["risk_complaint", f"jurisdiction_{jurisdiction.lower()}", *more]


@pytest.mark.parametrize(
    ("marks", "received", "metric", "due"),
    [
        # 23 and 24 December, then the 28th: Christmas is a Friday.
        pytest.param(
            tags("MT"),
            "2026-12-22T10:00Z",
            "mica_acknowledgement",
            "2026-12-28T22:59:59Z",
            id="MiCA: 3 business days of Malta",
        ),
        pytest.param(
            tags("MT"),
            "2026-12-31T10:00Z",
            "mica_final_answer",
            "2027-02-28T22:59:59Z",
            id="MiCA: 2 months end in a shorter one",
        ),
        pytest.param(
            tags("MT"),
            "2026-02-10T10:00Z",
            "mica_final_answer",
            "2026-04-10T21:59:59Z",
            id="MiCA: summer time begins in between",
        ),
        # Half past eleven in the evening of the 9th in London is the 10th in Cyprus.
        pytest.param(
            tags("EU"),
            "2026-02-09T22:30Z",
            "mica_final_answer",
            "2026-04-10T20:59:59Z",
            id="MiCA: the Union's first midnight where no state is named",
        ),
        # 24, 28-31 December; 1 January is a holiday; 4-8, 11-15 January.
        pytest.param(
            tags("DE", PAYMENT),
            "2026-12-23T22:30Z",
            "psd2_final_answer",
            "2027-01-15T22:59:59Z",
            id="PSD2: 15 business days of Germany over Christmas",
        ),
        pytest.param(
            tags("DE", PAYMENT),
            "2026-12-23T23:30Z",
            "psd2_final_answer",
            "2027-01-18T22:59:59Z",
            id="PSD2: an hour later it is the next day in Berlin",
        ),
        # 26 March + 56 days; London's day ends at 23:00 UTC in summer.
        pytest.param(
            tags("UK"),
            "2026-03-26T12:00Z",
            "fca_final_answer",
            "2026-05-21T22:59:59Z",
            id="FCA: 8 weeks into summer time",
        ),
        # 27, 30, 31 March, 1, 2, 7-10, 13-17, 20 April: Good Friday and Easter Monday left out.
        pytest.param(
            tags("GB", PAYMENT),
            "2026-03-26T12:00Z",
            "fca_payment_final_answer",
            "2026-04-20T22:59:59Z",
            id="FCA: 15 business days over Easter",
        ),
        # 20 October + 15 days; New York's clocks go back on 1 November.
        pytest.param(
            tags("US", PORTAL),
            "2026-10-20T15:00Z",
            "cfpb_response",
            "2026-11-05T04:59:59Z",
            id="CFPB: 15 calendar days",
        ),
        # 3 July is the observed holiday; 6-10, 13-17 July.
        pytest.param(
            tags("US", "product_card"),
            "2026-07-02T15:00Z",
            "reg_e_investigation",
            "2026-07-18T03:59:59Z",
            id="Regulation E: 10 business days",
        ),
        # Thanksgiving is left out: 27 and 30 November, 1 December.
        pytest.param(
            tags("US-NY"),
            "2026-11-25T18:00Z",
            "nydfs_acknowledgement",
            "2026-12-02T04:59:59Z",
            id="NYDFS: the exchange's 3 business days, of New York",
        ),
        # One in the morning of the 29th in Dubai.
        pytest.param(
            tags("Dubai"),
            "2026-12-28T21:00Z",
            "vara_acknowledgement",
            "2027-01-05T19:59:59Z",
            id="VARA: 1 week",
        ),
        pytest.param(
            tags("AE-DU"),
            "2026-12-28T21:00Z",
            "vara_final_answer",
            "2027-01-26T19:59:59Z",
            id="VARA: 4 weeks",
        ),
        # Good Friday, Saturday, Easter Monday and the Tuesday after are general holidays.
        pytest.param(
            tags("HK"),
            "2026-04-02T03:00Z",
            "sfc_acknowledgement",
            "2026-04-10T15:59:59Z",
            id="Hong Kong: the exchange's 3 business days over Easter and Ching Ming",
        ),
        # 17 and 18 February are Chinese New Year.
        pytest.param(
            tags("SG"),
            "2026-02-16T03:00Z",
            "mas_acknowledgement",
            "2026-02-20T15:59:59Z",
            id="MAS: 2 business days over Chinese New Year",
        ),
        pytest.param(
            tags("SG"),
            "2026-02-16T03:00Z",
            "mas_final_answer",
            "2026-03-18T15:59:59Z",
            id="MAS: 20 business days",
        ),
        pytest.param(
            tags("FR"),
            "2026-07-31T21:30Z",
            "promise_acknowledgement",
            "2026-08-05T23:59:59Z",
            id="the exchange: 3 business days in UTC",
        ),
        pytest.param(
            tags("FR"),
            "2026-07-31T23:30Z",
            "promise_final_answer",
            "2026-08-21T23:59:59Z",
            id="the exchange: 15 business days in UTC",
        ),
        pytest.param(
            ["risk_reason_g4", "jurisdiction_ie"],
            "2027-01-31T12:00Z",
            "gdpr_answer",
            "2027-02-28T23:59:59Z",
            id="GDPR: 1 month, whether or not it is a complaint",
        ),
    ],
)
def test_a_complaint_is_due_at_the_end_of_the_last_day_where_it_belongs(
    marks: list[str], received: str, metric: str, due: str
) -> None:
    clock = clocks_of(complaint(received, tags=marks), now=received)[metric]

    assert told(clock.due_at) == due
    assert clock.target_seconds == (clock.due_at or 0) - (clock.started_at or 0)
    assert (clock.state, clock.source) == (Phase.ACTIVE, Source.REGULATION)


@pytest.mark.parametrize(
    ("marks", "metrics"),
    [
        pytest.param(tags("MT"), {"mica_acknowledgement", "mica_final_answer"}, id="the Union"),
        pytest.param(
            tags("MT", PAYMENT),
            {"mica_acknowledgement", "mica_final_answer", "psd2_final_answer"},
            id="a payment in the Union",
        ),
        pytest.param(tags("GB"), {"fca_acknowledgement", "fca_final_answer"}, id="the UK"),
        pytest.param(
            tags("GB", PAYMENT),
            {"fca_acknowledgement", "fca_payment_final_answer"},
            id="a payment in the UK has its own limit instead of eight weeks",
        ),
        pytest.param(tags("US"), set(), id="the States, neither portal nor card"),
        pytest.param(
            tags("NY", PORTAL),
            {"nydfs_acknowledgement", "nydfs_final_answer", "cfpb_response"},
            id="New York is a part of the States",
        ),
        pytest.param(
            ["risk_not_complaint", "jurisdiction_gb"], None, id="somebody says it is none"
        ),
        pytest.param(["jurisdiction_gb"], None, id="nobody says it is one"),
    ],
)
def test_the_marks_choose_the_rules(marks: list[str], metrics: set[str] | None) -> None:
    promise = {"promise_acknowledgement", "promise_final_answer"}

    found = set(clocks_of(complaint("2026-06-01T09:00Z", tags=marks), now="2026-06-01T09:00Z"))

    assert found == (set() if metrics is None else metrics | promise)


@pytest.mark.parametrize(
    ("marks", "metric", "reason"),
    [
        pytest.param(
            ["risk_complaint"], "regulatory_answer", "the ticket has no jurisdiction", id="no mark"
        ),
        pytest.param(
            tags("BR"),
            "regulatory_answer",
            "the rules have no jurisdiction BR",
            id="a place without rules",
        ),
        pytest.param(
            tags("EU", PAYMENT),
            "psd2_final_answer",
            "the rules name no public holidays of European Union",
            id="business days of nowhere in particular",
        ),
    ],
)
def test_what_nobody_can_count_is_unknown_with_the_reason(
    marks: list[str], metric: str, reason: str
) -> None:
    clock = clocks_of(complaint("2026-06-01T09:00Z", tags=marks))[metric]

    assert (clock.state, clock.unknown_reason) == (Phase.UNKNOWN, reason)
    assert (clock.due_at, clock.target_seconds, clock.elapsed_seconds) == (None, None, None)
    assert clock.breached is None


def test_years_without_known_holidays_are_unknown_too() -> None:
    old = clocks_of(complaint("1999-06-01T09:00Z", tags=tags("GB", PAYMENT)))

    assert old["fca_payment_final_answer"].unknown_reason == (
        "Business days around 1999-06-01 are not known"
    )
