"""Severity is raised by facts, which are told, and never lowered."""

from datetime import UTC, datetime, timedelta

import pytest

from automations.triage.context import NOTHING_KNOWN, Context
from automations.triage.normalise import fold
from automations.triage.severity import Severity, judge_severity, raised
from automations.triage.signals import find_signals
from automations.triage.taxonomy import RAISES, REASONS
from automations.triage.taxonomy_file import SEVERITIES, Reason

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def judged(
    code: str | None, text: str, *, secrets: tuple[str, ...] = (), context: Context = NOTHING_KNOWN
) -> Severity:
    return judge_severity(
        code[0] if code else None,
        code,
        fold(text),
        signals=find_signals(text)[0],
        secrets=secrets,
        context=context,
    )


@pytest.mark.parametrize(
    ("reason", "text", "severity", "fact"),
    [
        pytest.param("C1", "account frozen", "S3", None, id="base"),
        pytest.param("C1", "frozen with 49,999 usd inside", "S3", None, id="just below 50k"),
        pytest.param("C1", "frozen with 50,000 usd inside", "S2", "large_amount", id="50k"),
        pytest.param("C1", "账户冻结，里面有6万u", "S2", "large_amount", id="60k in Chinese"),
        pytest.param("C1", "frozen with 1 btc inside", "S2", "large_amount", id="a whole bitcoin"),
        pytest.param("B1", "my mother is 78, all lost", "S1", "vulnerable_customer", id="old"),
        pytest.param("C1", "我72岁，账户被冻", "S2", "vulnerable_customer", id="old in Chinese"),
        pytest.param("B1", "my 15 year old son sent it", "S1", "minor", id="minor"),
        pytest.param("B1", "未成年的儿子被骗", "S1", "minor", id="minor in Chinese"),
        pytest.param("F3", "i told a journalist", "S2", "regulator_or_press", id="press"),
        pytest.param("F3", "press the button", "S3", None, id="no press"),
        pytest.param("F3", "已向金管局投诉", "S2", "regulator_or_press", id="Chinese regulator"),
        pytest.param("B3", "happened an hour ago", "S1", "fresh_event", id="fresh fraud"),
        pytest.param("B3", "happened two years ago", "S2", None, id="old fraud"),
        pytest.param("F3", "withdrawn this morning", "S3", None, id="fresh but no theft"),
        pytest.param("F3", "it works slower right now", "S3", None, id="now, but no loss"),
        pytest.param("F3", "they keep sending me codes", "S3", None, id="sending what I asked for"),
        pytest.param("F3", "i'm 95% sure, extortionate fees", "S3", None, id="figures of speech"),
        pytest.param("F3", "is a minor inconvenience", "S3", None, id="a minor matter"),
        pytest.param("F3", "i will go to the press", "S2", "regulator_or_press", id="the press"),
        pytest.param("C1", "it is a minor. my son", "S2", "minor", id="a minor"),
        pytest.param(
            "A1", "a hacker empties my wallet right now", "S1", "loss_in_progress", id="right now"
        ),
        pytest.param("A5", "they are moving my coins", "S1", "loss_in_progress", id="moving now"),
        pytest.param("A5", "正在往外转", "S1", "loss_in_progress", id="moving now in Chinese"),
        pytest.param("B2", "he is still on the phone", "S1", "on_the_phone", id="on the phone"),
        pytest.param("B8", "they threaten to leak my photos", "S1", "threat", id="extortion"),
        pytest.param("E8", "对方威胁要曝光我", "S2", "threat", id="threat in Chinese"),
        pytest.param("G1", "emergency disclosure request", "S1", "emergency_request", id="police"),
        pytest.param("X2", "recovered $100,000 today", "S4", None, id="an advert's boast"),
        pytest.param("N1", "i will kill myself", "S1", "life_threat", id="threat to life"),
        pytest.param("I1", "不想活了", "S1", "life_threat", id="threat to life in Chinese"),
        pytest.param(None, "i will kill myself", "S1", "life_threat", id="not understood"),
        pytest.param(None, "what is this", "S3", None, id="nothing known"),
    ],
)
def test_severity_follows_the_facts_and_names_them(
    reason: str | None, text: str, severity: str, fact: str | None
) -> None:
    found = judged(reason, text)

    assert found.level == severity
    assert [name for name, _ in found.reasons] == ([fact] if fact else [])


def test_words_that_raised_it_are_told() -> None:
    found = judged("B1", "My mother is 78. She lost 60,000 USDT")

    assert found.reasons == (
        ("large_amount", "60,000 USDT"),
        ("vulnerable_customer", "mother is 78"),
    )


def test_several_facts_worth_a_level_raise_by_one_level_only() -> None:
    assert raised("I", "I1", [("minor", ""), ("regulator_or_press", "")]).level == "S2"


def test_leaked_key_is_at_least_s2_also_where_nothing_is_understood() -> None:
    assert judged("F1", "deposit missing", secrets=("seed_phrase",)).level == "S2"
    assert judged(None, "hm", secrets=("private_key",)).level == "S2"
    assert judged("F1", "deposit missing", secrets=("otp",)).level == "S3"


@pytest.mark.parametrize(("reports", "severity"), [(1, "S3"), (2, "S3"), (3, "S2"), (40, "S2")])
def test_three_customers_who_report_the_same_raise_it(reports: int, severity: str) -> None:
    assert judged("F1", "missing", context=Context(linked_reports=reports)).level == severity


@pytest.mark.parametrize(
    ("text", "written_ago", "is_fresh"),
    [
        pytest.param("hacked 2 hours ago", 1, True, id="hours"),
        pytest.param("hacked 2 hours ago", 23, False, id="said long ago"),
        pytest.param("hacked 3 days ago", 0, False, id="days"),
        pytest.param("hacked just now", 23, True, id="just now"),
        pytest.param("hacked just now", 25, False, id="just now, the day before"),
        pytest.param("hacked last night", 1, True, id="last night"),
        pytest.param("hacked yesterday", 1, True, id="yesterday, perhaps late"),
        pytest.param("hacked yesterday", 13, False, id="yesterday, said yesterday"),
        pytest.param("刚刚被盗", 0, True, id="Chinese just now"),
        pytest.param("3小时前被盗", 0, True, id="Chinese hours"),
        pytest.param("3天前被盗", 0, False, id="Chinese days"),
        pytest.param("11月26日被盗", 0, True, id="Chinese date"),
        pytest.param("11月20日被盗", 0, False, id="Chinese date, old"),
        pytest.param("12月31日被盗", 0, False, id="date of last year"),
        pytest.param("hacked on 2026-11-26", 0, True, id="date"),
        pytest.param("hacked on 2026-11-25 11:59", 0, False, id="a minute too old"),
        pytest.param("hacked on 2026-11-25 12:01", 0, True, id="a minute before the limit"),
        pytest.param("hacked on 26/11/2026", 0, True, id="day first"),
        pytest.param("hacked on 11/26/2026", 0, True, id="month first"),
        pytest.param("hacked on 2026-13-45", 0, False, id="no date"),
        pytest.param("hacked in 2019", 0, False, id="year"),
    ],
)
def test_age_is_counted_from_when_it_was_written(
    text: str, written_ago: int, *, is_fresh: bool
) -> None:
    context = Context(now=NOW, written_at=NOW - timedelta(hours=written_ago))

    found = judged("B3", text, context=context)

    assert (found.level == "S1") is is_fresh
    assert ("fresh_event" in dict(found.reasons)) is is_fresh


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda r: r.code)
def test_nothing_lowers_the_base(reason: Reason) -> None:
    every_fact = [(fact, "") for fact in RAISES]
    for severity in (
        judged(reason.code, ""),
        judged(reason.code, "years ago, small amount, 5 usd, nothing urgent"),
        raised(reason.family, reason.code, every_fact),
    ):
        assert SEVERITIES.index(severity.level) <= SEVERITIES.index(reason.severity)
