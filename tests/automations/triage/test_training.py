"""The desk's model comes from the shipped texts, and wrong input is named."""

from pathlib import Path

import pytest

from automations.triage import shipped_model
from automations.triage.linear.model import LinearModel
from automations.triage.model import FAMILY, REASON
from automations.triage.shipped_model import CORPUS_DIR, load_desk_model, source_version
from automations.triage.taxonomy import FAMILIES, REASONS
from automations.triage.training import Example, read_examples, train_desk
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import Settings

FEW = [
    Example(f"{text} {i}", label, group=f"{label} {i}")
    for label, text in (("A1", "coins stolen"), ("F3", "withdrawal stuck"), ("N1", "nice app"))
    for i in range(8)
]


@pytest.fixture(scope="module")
def corpus() -> list[Example]:
    return read_examples(CORPUS_DIR.glob("*.jsonl"))


@pytest.fixture
def cheap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Train from a few texts only, and keep the model in a folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(shipped_model, "load_settings", lambda: Settings(cache_dir=folder))
    monkeypatch.setattr(shipped_model, "train_shipped", lambda: train_desk(FEW, version="few"))
    return folder


def test_corpus_covers_every_family_in_both_languages(corpus: list[Example]) -> None:
    for language in ("en", "zh"):
        targets = {example.target for example in corpus if example.lang == language}

        assert targets == {*FAMILIES, "?"}


def test_corpus_repeats_no_text(corpus: list[Example]) -> None:
    assert len({example.text for example in corpus}) == len(corpus)


def test_model_knows_families_and_reasons_of_the_taxonomy() -> None:
    model = load_desk_model()

    assert set(model.heads[FAMILY].classes) == {*FAMILIES, "?"}
    assert set(model.heads[REASON].classes) <= set(REASONS)
    assert model.version == source_version()


def test_same_texts_give_the_same_bytes() -> None:
    first, second = (train_desk(FEW, version="few").to_bytes() for _ in range(2))

    assert first == second


def test_model_is_trained_once_and_then_read(cheap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_desk_model()
    monkeypatch.setattr(shipped_model, "train_shipped", lambda: pytest.fail("trained again"))

    assert load_desk_model().version == "few"
    assert [path.suffix for path in cheap.iterdir() if path.stat().st_size] == [".npz"]


def test_broken_file_is_made_again(cheap: Path) -> None:
    load_desk_model()
    (path,) = cheap.glob("*.npz")
    path.write_bytes(path.read_bytes()[:100])

    assert load_desk_model().version == "few"
    assert path.stat().st_size > 100


def test_folder_that_cannot_be_written_costs_only_time(
    cheap: Path,
) -> None:
    cheap.write_text("a file, not a folder")

    assert load_desk_model().version == "few"


def test_model_is_small() -> None:
    assert len(load_desk_model().to_bytes()) < 30_000_000


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
        train_desk([Example("a", "A1"), Example("b", "A2")], version="")


def test_label_without_a_reason_teaches_only_the_family() -> None:
    texts = [Example(f"{word} {i}", word[0].upper()) for word in ("attack", "freeze") for i in "ab"]
    model = train_desk(texts, version="")

    assert isinstance(model, LinearModel)
    assert list(model.heads) == [FAMILY]
