"""A model for any labels: honest on unseen texts, reproducible, and safe to load."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from scipy.sparse import csr_matrix

from automations.triage.linear import model as models
from automations.triage.linear.counting import naive_bayes
from automations.triage.linear.features import Options
from automations.triage.linear.fitting import fit_head
from automations.triage.linear.folds import fold_numbers
from automations.triage.linear.han import HanTerms
from automations.triage.linear.model import LinearModel, load_model
from automations.triage.linear.training import HEAD, Sample, train
from integrations.runtime.errors import BadInput, ConfigError
from tests.support.shared import shared_file

TOPICS = {
    "card": ("my card has not arrived", "where is the card i ordered"),
    "fee": ("why was i charged a fee", "the fee for a transfer is too high"),
    "pin": ("i forgot my pin", "change the pin of my account"),
    "暂停": ("提现一直处理中", "提币没有到账"),
}
SAMPLES = [
    Sample(f"{text} {extra}", label, group=f"{label} {i % 10}")
    for label, texts in TOPICS.items()
    for i, extra in enumerate(f"please {n}" for n in range(15))
    for text in texts
]


@pytest.fixture(scope="module")
def learnt() -> LinearModel:
    return train(SAMPLES).model


def chances(model: LinearModel, text: str) -> dict[str, float]:
    found = np.exp(model.logarithms(model.read([text]), HEAD)[0])
    return dict(zip(model.heads[HEAD].classes, found.tolist(), strict=True))


def test_any_labels_are_learnt(learnt: LinearModel) -> None:
    found = chances(learnt, "a fee was charged for my transfer")

    assert max(found, key=lambda name: found[name]) == "fee"
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-4)


def test_terms_that_decided_are_named(learnt: LinearModel) -> None:
    reading = learnt.read(["i forgot my pin"])

    assert "pin" in " ".join(learnt.strongest_terms(reading, HEAD, "pin", 5))


def test_text_without_a_known_term_gets_an_answer(learnt: LinearModel) -> None:
    assert sum(chances(learnt, "").values()) == pytest.approx(1.0, abs=1e-4)


def test_file_gives_the_same_answers_and_the_same_bytes(
    learnt: LinearModel, tmp_path: Path
) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(learnt.to_bytes())

    assert chances(load_model(path), "提现") == chances(learnt, "提现")
    assert train(SAMPLES).model.to_bytes() == learnt.to_bytes()


def test_report_names_what_is_too_thin_and_how_left_out_texts_did() -> None:
    steps: list[str] = []
    report = train([*SAMPLES, Sample("odd", "rare")], folds=3, done=steps.append).report

    assert report.thin == {"rare": 1}
    assert report.figures is not None
    assert report.figures.overall.texts == len(SAMPLES) + 1
    assert report.figures.classes["rare"].recall == 0.0
    assert steps == ["fold 1", "fold 2", "fold 3", "all texts"]


def test_report_may_be_left_out() -> None:
    trained = train(SAMPLES, folds=0)

    assert trained.report.figures is None
    assert trained.model.heads[HEAD].temperature == trained.report.temperature


def test_two_labels_are_enough_and_one_is_not() -> None:
    two = [sample for sample in SAMPLES if sample.label in {"card", "pin"}]

    found = chances(train(two).model, "i forgot my pin")

    assert found["pin"] > found["card"]
    with pytest.raises(BadInput, match="two labels"):
        train(two[:20])


def test_impossible_folds_are_named() -> None:
    with pytest.raises(BadInput, match="1 folds"):
        train(SAMPLES, folds=1)


def test_group_stays_in_one_fold_and_classes_are_spread() -> None:
    labels = ["a"] * 40 + ["b"] * 10
    groups = [f"g{i // 2}" for i in range(50)]
    numbers = fold_numbers(labels, groups, 5)

    assert all(numbers[i] == numbers[i + 1] for i in range(0, 50, 2))
    assert {numbers[:40].count(k) for k in range(5)} == {8}
    assert {numbers[40:].count(k) for k in range(5)} == {2}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not whole", b"\x93NUMPY\x01\x00"])
def test_broken_file_says_how_to_make_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        load_model(path)

    assert "triage train" in caught.value.hint


def test_file_that_could_run_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    np.savez(path, header=np.array([{"a": print}], dtype=object))

    with pytest.raises(ConfigError, match="cannot be read"):
        load_model(path)


def test_file_whose_parts_do_not_fit_is_refused(learnt: LinearModel, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    head = learnt.heads[HEAD]
    wrong = LinearModel(learnt.space, {HEAD: head._replace(weights=head.weights[:-1])}, version="x")
    path.write_bytes(wrong.to_bytes())

    with pytest.raises(ConfigError, match="do not fit"):
        load_model(path)


def test_file_for_other_features_is_refused(
    learnt: LinearModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.npz"
    monkeypatch.setattr(models, "FEATURES_VERSION", 0)
    path.write_bytes(learnt.to_bytes())
    monkeypatch.undo()

    with pytest.raises(ConfigError, match="other features"):
        load_model(path)


def test_training_is_strong_on_a_public_benchmark() -> None:
    path = shared_file("data/banking77/train.jsonl")
    rows = [
        msgspec.json.decode(line, type=dict[str, str]) for line in path.read_bytes().splitlines()
    ]
    names = sorted({row["label"] for row in rows})[:20]  # a quarter: the whole takes a minute
    some = [Sample(row["text"].lower(), row["label"]) for row in rows if row["label"] in names]
    found = train(some, folds=3).report.figures

    assert found is not None
    assert found.overall.strict >= 0.9
    assert found.overall.calibration_error <= 0.03
    assert found.overall.accuracy_at_coverage >= 0.975


def test_counts_speak_for_the_class_that_uses_a_term_more() -> None:
    weights = naive_bayes(csr_matrix(np.eye(3, dtype=np.float32)), np.array([0, 1, 2]))

    assert weights.argmax(axis=0).tolist() == [0, 1, 2]
    assert weights.sum(axis=0) == pytest.approx([0.0] * 3, abs=1e-4)


def test_term_of_one_text_speaks_for_its_small_class_beside_a_large_one() -> None:
    texts = np.array([[1, 0, 1]] * 500 + [[0, 1, 1]], np.float32)
    weights = naive_bayes(csr_matrix(texts), np.array([0] * 500 + [1]))

    assert weights[1, 1] > abs(weights[1, 2])
    assert weights[1, 1] == pytest.approx(-weights[0, 1], abs=1e-4)


def test_counts_are_added_only_where_they_are_wanted() -> None:
    labels = ["a", "b", "c"] * 4
    matrix = csr_matrix(np.tile(np.eye(3, dtype=np.float32) + 0.1, (4, 1)))
    alone, none, added = (
        fit_head(matrix, labels),
        fit_head(matrix, labels, counts=0.0),
        fit_head(matrix, labels, counts=0.9),
    )

    assert np.array_equal(alone.scales, none.scales)
    assert np.array_equal(alone.weights, none.weights)
    assert np.array_equal(alone.bias, added.bias)
    assert (added.scales > alone.scales).all()


def test_complaints_hide_what_must_not_be_learnt() -> None:
    texts = ["binance code ab12cd34 t.me/abc 5,000 me@mail.com my account"] * 2
    samples = [Sample(text, label) for text in texts for label in ("a", "b") for _ in range(2)]
    model = train(samples, folds=0, options=Options(complaints=True, pairs=False)).model
    terms = set(model.space.terms[0]) | set(model.space.terms[1])

    assert {"zexchange", "zcode", "zurl", "znum", "zmail"} <= terms
    assert not any("binance" in term or "ab12" in term for term in terms)


@pytest.mark.parametrize("text", ["提现", "a提现b失败", "", "\ud800提", "現😡提现失败"])
def test_runs_of_chinese_are_found_as_they_stand(text: str) -> None:
    terms = {"提": 3, "提现": 5, "失败": 8, "现失败": 9, "ab": 1}
    found, size = HanTerms(terms).find(text, 3)
    runs = [text[i : i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1)]

    assert np.concatenate([*found, np.zeros(0, int)]).tolist() == [
        terms[run] for run in runs if run in terms
    ]
    assert size == sum("\u3400" <= character <= "\u9fff" for character in text)
