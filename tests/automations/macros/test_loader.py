"""A macro file is read whole or refused with words that name the fault."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automations.macros.loader import Macro, parse, read_folder
from automations.macros.service import load_macros
from integrations.runtime.errors import ConfigError
from tests.automations.macros.conftest import EN, ZH, WriteMacro


def test_the_smallest_complete_folder_loads(complete_folder: Path) -> None:
    assert len(load_macros(complete_folder).macros) == 2 * 14


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"needs": "[]"}, "declares", id="undeclared blank"),
        pytest.param({"needs": "[customer_name, uid]"}, "declares", id="unused blank"),
        pytest.param(
            {"needs": "[mood]", "text": f"{EN} {{{{ mood }}}}".replace("customer_name", "mood")},
            "outside the vocabulary",
            id="unknown blank",
        ),
        pytest.param({"needs": ""}, "lacks needs", id="head without needs"),
        pytest.param({"colour": "red"}, "unknown words", id="unknown word in the head"),
        pytest.param({"family": "Z"}, "unknown family", id="unknown family"),
        pytest.param({"reasons": "[B1]"}, "not of family A", id="reason of another family"),
        pytest.param({"title": "[a]"}, "no text for title", id="title that is no text"),
        pytest.param({"sets": "{status: lost}"}, "may set only", id="status Zendesk lacks"),
        pytest.param({"sets": "{priority: low}"}, "may set only", id="field it may not set"),
        pytest.param({"sets": "{add_tags: [Two Words]}"}, "add_tags", id="tag with a space"),
        pytest.param({"text": ZH}, "not written in 'en'", id="Chinese in the English file"),
        pytest.param(
            {"text": "Guten Tag {{ customer_name }}, wir haben Ihre Nachricht gelesen."},
            "not written in 'en'",
            id="German in the English file",
        ),
        pytest.param(
            {"text": EN, "language": "zh"}, "not written in 'zh'", id="English in the Chinese file"
        ),
        pytest.param(
            {"text": "您好，{{ customer_name }}：請先鎖定帳戶。", "language": "zh"},
            "not written in 'zh'",
            id="Traditional characters",
        ),
        pytest.param({"text": "{% include 'x' %}"}, "more than", id="include"),
        pytest.param({"text": "{{ customer_name.upper() }}"}, "more than", id="call"),
        pytest.param({"text": "{{ customer_name | upper }}"}, "more than", id="filter"),
        pytest.param({"text": "{{ customer_name"}, "is no template", id="open brace"),
    ],
)
def test_a_wrong_file_is_refused_by_name(
    write_macro: WriteMacro, change: dict[str, str], words: str
) -> None:
    file = write_macro(**change)
    with pytest.raises(ConfigError) as caught:
        read_folder(file.parent.parent)

    assert words in caught.value.message
    assert file.name in caught.value.message


def test_file_name_and_head_must_name_the_same_language(write_macro: WriteMacro) -> None:
    file = write_macro()
    with pytest.raises(ConfigError, match="says language 'en'"):
        parse("a", "one.zh.md.j2", file.read_text("utf-8"))


def test_a_macro_in_the_folder_of_another_family_is_refused(write_macro: WriteMacro) -> None:
    file = write_macro()
    with pytest.raises(ConfigError, match="another folder"):
        parse("b", file.name, file.read_text("utf-8"))


def test_a_file_that_is_not_utf8_is_refused(write_macro: WriteMacro) -> None:
    file = write_macro()
    file.write_bytes(b"---\n\xff\xfe\n---\n")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_folder(file.parent.parent)


def test_an_empty_folder_is_an_error_not_an_empty_shelf(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no macro"):
        load_macros(tmp_path)


def test_a_family_without_a_macro_is_refused(complete_folder: Path) -> None:
    for path in complete_folder.glob("k/*"):
        path.unlink()
    with pytest.raises(ConfigError, match="family K has no macro"):
        load_macros(complete_folder)


def test_a_slug_in_one_language_is_refused(complete_folder: Path, write_macro: WriteMacro) -> None:
    write_macro("lonely", reasons="[A1]")
    with pytest.raises(ConfigError, match="lonely must exist once"):
        load_macros(complete_folder)


def test_two_macros_for_one_reason_are_refused(
    complete_folder: Path, write_macro: WriteMacro
) -> None:
    for slug in ("one", "two"):
        write_macro(slug, reasons="[A1]")
    with pytest.raises(ConfigError, match="both answer A1"):
        load_macros(complete_folder)


def test_both_languages_must_set_the_same(complete_folder: Path, write_macro: WriteMacro) -> None:
    write_macro("one", "en", reasons="[A1]", sets="{status: open}")
    write_macro("one", "zh", reasons="[A1]", sets="{status: solved}")
    with pytest.raises(ConfigError, match="heads of one differ"):
        load_macros(complete_folder)


HEAD_LINES = st.lists(
    st.sampled_from(
        ["title", "family", "reasons", "language", "use_when", "needs", "sets"],
    ).flatmap(
        lambda name: st.sampled_from(
            ["A", "en", "[]", "{}", "[A1]", "[[x]]", "{status: {}}", "2025-99-99", "'", "&a *b"]
        ).map(lambda value: f"{name}: {value}")
    ),
    max_size=8,
)


@given(head=HEAD_LINES, text=st.text(max_size=80))
def test_any_file_is_a_macro_or_a_config_error(head: list[str], text: str) -> None:
    source = "---\n" + "\n".join(head) + f"\n---\n{text}"
    try:
        result: object = parse("a", "one.en.md.j2", source)
    except ConfigError as error:
        result = error

    assert isinstance(result, Macro | ConfigError)
