"""The shipped model comes from the shipped corpus, and wrong input is named."""

from pathlib import Path

import msgspec
import pytest

from automations.triage.features import terms
from automations.triage.model import MODEL_FILE, LinearModel, load_model
from automations.triage.normalise import fold, normalise
from automations.triage.taxonomy import FAMILIES
from automations.triage.training import CORPUS_DIR, Example, read_examples, train, version_of
from integrations.runtime.errors import BadInput, ConfigError


@pytest.fixture(scope="module")
def corpus() -> list[Example]:
    return read_examples(CORPUS_DIR.glob("*.jsonl"))


def test_corpus_covers_every_family_in_both_languages(corpus: list[Example]) -> None:
    for language in ("en", "zh"):
        targets = {example.target for example in corpus if example.lang == language}

        assert targets == {*FAMILIES, "?"}


def test_corpus_repeats_no_text(corpus: list[Example]) -> None:
    assert len({example.text for example in corpus}) == len(corpus)


def test_shipped_model_equals_a_retraining(corpus: list[Example]) -> None:
    shipped, again = load_model(), LinearModel(train(corpus))
    texts = [fold(normalise(example.text)) for example in corpus[::20]]
    pairs = [(shipped.score(t).logarithms, again.score(t).logarithms) for t in texts]

    assert shipped.content.version == again.content.version
    assert shipped.content.terms == again.content.terms
    assert all(a[name] == pytest.approx(b[name], abs=0.3) for a, b in pairs for name in a)


def test_version_follows_the_texts(corpus: list[Example]) -> None:
    assert version_of(corpus) != version_of(corpus[1:])
    assert version_of(corpus) == load_model().content.version


def test_model_file_is_small() -> None:
    assert MODEL_FILE.stat().st_size < 1_000_000


def test_terms_hide_what_must_not_be_learnt() -> None:
    found = terms(fold("Binance code AB12CD34 t.me/abc 5,000 me@mail.com"))

    assert {"zexchange", "zcode", "zurl", "znum", "zmail"} <= set(found)
    assert not any("binance" in term or "ab12" in term for term in found)


@pytest.mark.parametrize(
    "line", [b"{", b'{"text": 1, "label": "A"}', b'{"text": "a", "label": "Q"}']
)
def test_wrong_line_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "own.jsonl"
    path.write_bytes(b'{"text": "x", "label": "A1"}\n' + line)

    with pytest.raises(BadInput) as caught:
        read_examples([path])

    assert "Line 2 of own.jsonl" in caught.value.message


def test_one_family_cannot_be_trained() -> None:
    with pytest.raises(BadInput, match="two families"):
        train([Example("a", "A1"), Example("b", "A2")])


@pytest.mark.parametrize("content", ["", "[]", '{"version": "x"}'])
def test_broken_model_file_says_how_to_make_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(content)

    with pytest.raises(ConfigError) as caught:
        load_model(path)

    assert "triage train" in caught.value.hint


def test_model_for_other_features_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    other = msgspec.structs.replace(load_model().content, features_version=0)
    path.write_bytes(msgspec.json.encode(other))

    with pytest.raises(ConfigError, match="other features"):
        load_model(path)
