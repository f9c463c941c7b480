"""Rules find events in both languages, respect negation, and fall for no trap."""

import pytest

from automations.triage.normalise import fold, normalise
from automations.triage.rules.book import Hit, find_hits, load_book
from automations.triage.rules.syntax import Rule
from automations.triage.rules.weighing import best_reason, family_weights
from automations.triage.taxonomy import FAMILIES, REASONS

BOOK = load_book()


def hits_of(text: str) -> list[Hit]:
    """Return what the shipped rules find in a text as people write it."""
    return find_hits(fold(normalise(text)))


def families(text: str) -> set[str]:
    """Return the families that a rule of some strength points to."""
    return {hit.code[0] for hit in hits_of(text) if hit.weight >= 2}


def name_of(rule: Rule) -> str:
    return f"{rule.place.file}:{rule.place.line}"


@pytest.mark.parametrize("rule", BOOK.rules, ids=name_of)
def test_rule_names_a_code_of_the_taxonomy(rule: Rule) -> None:
    assert rule.code in FAMILIES or rule.code in REASONS or rule.code == "?"


def test_empty_text_hits_nothing() -> None:
    assert hits_of("") == []


@pytest.mark.parametrize(
    ("number", "text"),
    [
        pytest.param(number, text, id=f"{name_of(rule)} {text[:20]}")
        for number, rule in enumerate(BOOK.rules)
        for text in rule.hits
    ],
)
def test_rule_hits_the_text_beside_it(number: int, text: str) -> None:
    assert number in {found for found, _, _ in BOOK.matches(fold(normalise(text)))}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        pytest.param(number, text, id=f"{name_of(rule)} {text[:20]}")
        for number, rule in enumerate(BOOK.rules)
        for text in rule.misses
    ],
)
def test_rule_misses_the_text_beside_it(number: int, text: str) -> None:
    assert number not in {found for found, _, _ in BOOK.matches(fold(normalise(text)))}


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("An unauthorised withdrawal emptied my wallet", "A"),
        ("Somebody logged in from Brazil and sold my coins", "A"),
        ("我的币昨晚被人转走了", "A"),
        ("帳戶被盜", "A"),
        ("I was tricked into sending usdt by a man posing as your support", "B"),
        ("被骗去一个虚假平台投资", "B"),
        ("They froze my account last week", "C"),
        ("账户突然被冻结", "C"),
        ("I lost my phone and need to reset google authenticator", "D"),
        ("手机丢了，谷歌验证器需要重置", "D"),
        ("Seller has my payment and does not release", "E"),
        ("withdrawal stuck for days", "F"),
        ("提现一直不到账", "F"),
    ],
)
def test_safety_subjects_are_found(text: str, family: str) -> None:
    assert family in families(text)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("I have never been hacked here", "A"),
        ("What happens if my account gets hacked?", "A"),
        ("My account is not frozen, all good", "C"),
        ("用了三年从没被盗过", "A"),
        ("账户从来没有被冻结", "C"),
        ("如果被冻结怎么办", "C"),
        ("担心被骗", "B"),
    ],
)
def test_denied_and_supposed_events_do_not_count(text: str, family: str) -> None:
    assert family not in families(text)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("I do not know if my account was hacked", "A"),
        ("账户没有任何理由被冻结", "C"),
        ("My account not open, is frozen", "C"),
    ],
)
def test_negation_of_something_else_does_not_deny_the_event(text: str, family: str) -> None:
    assert family in families(text)


@pytest.mark.parametrize("text", ["Total scam!!!", "You are thieves", "垃圾平台", "骗子"])
def test_insult_without_a_fact_points_to_asking(text: str) -> None:
    assert families(text) == {"?"}


@pytest.mark.parametrize(
    "text",
    [
        "My account was hacked, but a recovery expert got my coins back, contact him on "
        "telegram @fixer",
        "被骗的币都追回来了，专业团队追回，联系老师微信 abc12345",
    ],
)
def test_recovery_expert_outweighs_the_theft_he_tells_of(text: str) -> None:
    weights = family_weights(hits_of(text))

    assert max(weights, key=lambda f: weights[f]) == "X"


def test_support_complaint_gives_way_to_the_subject() -> None:
    weights = family_weights(find_hits("withdrawal pending, support never answers"))

    assert weights["F"] > weights["I"]


def test_rare_families_lose_weight_without_evidence_and_grave_ones_do_not() -> None:
    weights = family_weights([])

    assert weights["J"] < 0
    assert not {"A", "B", "C"} & set(weights)


def test_mixed_text_is_read_in_both_languages() -> None:
    assert "C" in families("Please help me today 账户被冻结了")


def test_reason_is_the_one_with_most_weight_inside_the_family() -> None:
    hits = find_hits("my sim was swapped, sim swap attack")

    assert best_reason(hits, "A") == "A4"
    assert best_reason(hits, "F") is None


@pytest.mark.parametrize(
    "text",
    [
        "请先停提币，以免有人提走",
        "Can someone please add a dark theme",
    ],
)
def test_theft_that_has_not_happened_is_none(text: str) -> None:
    assert "A" not in families(text)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("New sign-in from Quito on a tablet. That is not my tablet", "A"),
        ("My authenticator was replaced, not by me", "A"),
        ("绑定的邮箱不是我改的", "A"),
        ("The site wants 12% tax before I can withdraw", "B"),
        ("I gave the helper my recovery phrase", "B"),
        ("那个平台要先交个人所得税", "B"),
        ("withdrawals are locked for 24 hours after the change", "C"),
        ("提现功能暂时受限", "C"),
        ("my reset request was refused", "D"),
        ("解绑申请被驳回", "D"),
    ],
)
def test_safety_events_without_the_usual_words_are_found(text: str, family: str) -> None:
    assert family in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "I pay 25 for a withdrawal and 0.5% fee on trades",
        "does the wallet support bsc?",
        "I contact them every day about my withdrawal",
        "I sent photos of my id and they want me to send them again",
        "需要联系客服吗",
    ],
)
def test_everyday_words_point_to_neither_fraud_nor_advertising(text: str) -> None:
    assert not {"A", "B", "X"} & families(text)


def test_item_that_a_thief_changed_is_theft_rather_than_a_wish_for_a_new_one() -> None:
    weights = family_weights(
        find_hits("my authenticator was replaced, not by me. reset my authenticator")
    )

    assert weights["A"] > 2 * weights["D"]
