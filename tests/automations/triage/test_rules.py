"""Rules find events in both languages, respect negation, and fall for no trap."""

import pytest

from automations.triage.normalise import fold, normalise
from automations.triage.rules import Rule, best_reason, family_weights, find_hits, rules_for
from automations.triage.taxonomy import FAMILIES, REASONS

ALL_RULES = [*rules_for("en"), *rules_for("zh")]


def families(text: str, language: str) -> set[str]:
    """Return the families that a rule of some strength points to."""
    hits = find_hits(fold(normalise(text)), language)
    return {hit.code[0] for hit in hits if hit.weight >= 2}


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda r: f"{r.language} {r.pattern.pattern[:24]}")
def test_rule_names_a_code_of_the_taxonomy_and_needs_some_text(rule: Rule) -> None:
    assert rule.code in FAMILIES or rule.code in REASONS or rule.code == "?"
    assert 0 < rule.weight <= 5
    assert rule.pattern.search("") is None


@pytest.mark.parametrize(
    ("text", "language", "family"),
    [
        ("An unauthorised withdrawal emptied my wallet", "en", "A"),
        ("Somebody logged in from Brazil and sold my coins", "en", "A"),
        ("我的币昨晚被人转走了", "zh", "A"),
        ("帳戶被盜", "zh", "A"),
        ("I was tricked into sending usdt by a man posing as your support", "en", "B"),
        ("被骗去一个虚假平台投资", "zh", "B"),
        ("They froze my account last week", "en", "C"),
        ("账户突然被冻结", "zh", "C"),
        ("I lost my phone and need to reset google authenticator", "en", "D"),
        ("手机丢了，谷歌验证器需要重置", "zh", "D"),
        ("Seller has my payment and does not release", "en", "E"),
        ("withdrawal stuck for days", "en", "F"),
        ("提现一直不到账", "zh", "F"),
    ],
)
def test_safety_subjects_are_found(text: str, language: str, family: str) -> None:
    assert family in families(text, language)


@pytest.mark.parametrize(
    ("text", "language", "family"),
    [
        ("I have never been hacked here", "en", "A"),
        ("What happens if my account gets hacked?", "en", "A"),
        ("My account is not frozen, all good", "en", "C"),
        ("用了三年从没被盗过", "zh", "A"),
        ("账户从来没有被冻结", "zh", "C"),
        ("如果被冻结怎么办", "zh", "C"),
        ("担心被骗", "zh", "B"),
    ],
)
def test_denied_and_supposed_events_do_not_count(text: str, language: str, family: str) -> None:
    assert family not in families(text, language)


@pytest.mark.parametrize(
    ("text", "language", "family"),
    [
        ("I do not know if my account was hacked", "en", "A"),
        ("账户没有任何理由被冻结", "zh", "C"),
        ("My account not open, is frozen", "en", "C"),
    ],
)
def test_negation_of_something_else_does_not_deny_the_event(
    text: str, language: str, family: str
) -> None:
    assert family in families(text, language)


@pytest.mark.parametrize("text", ["Total scam!!!", "You are thieves", "垃圾平台", "骗子"])
def test_insult_without_a_fact_points_to_asking(text: str) -> None:
    language = "en" if text.isascii() else "zh"

    assert families(text, language) == {"?"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "My account was hacked, but a recovery expert got my coins back, contact him on "
            "telegram @fixer",
            "en",
        ),
        ("被骗的币都追回来了，专业团队追回，联系老师微信 abc12345", "zh"),
    ],
)
def test_recovery_expert_outweighs_the_theft_he_tells_of(text: str, language: str) -> None:
    weights = family_weights(find_hits(fold(text), language))

    assert max(weights, key=lambda f: weights[f]) == "X"


def test_support_complaint_gives_way_to_the_subject() -> None:
    weights = family_weights(find_hits("withdrawal pending, support never answers", "en"))

    assert weights["F"] > weights["I"]


def test_families_that_need_evidence_lose_weight_without_it() -> None:
    assert family_weights([])["A"] < 0


def test_mixed_text_is_read_in_both_languages() -> None:
    assert "C" in families("Please help me today 账户被冻结了", "en")


def test_reason_is_the_one_with_most_weight_inside_the_family() -> None:
    hits = find_hits("my sim was swapped, sim swap attack", "en")

    assert best_reason(hits, "A") == "A4"
    assert best_reason(hits, "F") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("请先停提币，以免有人提走", "zh"),
        ("Can someone please add a dark theme", "en"),
    ],
)
def test_theft_that_has_not_happened_is_none(text: str, language: str) -> None:
    assert "A" not in families(text, language)


@pytest.mark.parametrize(
    ("text", "language", "family"),
    [
        ("New sign-in from Quito on a tablet. That is not my tablet", "en", "A"),
        ("My authenticator was replaced, not by me", "en", "A"),
        ("绑定的邮箱不是我改的", "zh", "A"),
        ("The site wants 12% tax before I can withdraw", "en", "B"),
        ("I gave the helper my recovery phrase", "en", "B"),
        ("那个平台要先交个人所得税", "zh", "B"),
        ("withdrawals are locked for 24 hours after the change", "en", "C"),
        ("提现功能暂时受限", "zh", "C"),
        ("my reset request was refused", "en", "D"),
        ("解绑申请被驳回", "zh", "D"),
    ],
)
def test_safety_events_without_the_usual_words_are_found(
    text: str, language: str, family: str
) -> None:
    assert family in families(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I pay 25 for a withdrawal and 0.5% fee on trades", "en"),
        ("does the wallet support bsc?", "en"),
        ("I contact them every day about my withdrawal", "en"),
        ("I sent photos of my id and they want me to send them again", "en"),
        ("需要联系客服吗", "zh"),
    ],
)
def test_everyday_words_point_to_neither_fraud_nor_advertising(text: str, language: str) -> None:
    assert not {"A", "B", "X"} & families(text, language)


def test_item_that_a_thief_changed_is_theft_rather_than_a_wish_for_a_new_one() -> None:
    weights = family_weights(
        find_hits("my authenticator was replaced, not by me. reset my authenticator", "en")
    )

    assert weights["A"] > 2 * weights["D"]
