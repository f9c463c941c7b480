"""Each database has one key: the setting's, or that of a file that only its user reads."""

import random
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from integrations.redaction.keys import key_file_of, open_database, redactor_of
from integrations.redaction.placeholders import read_key
from integrations.runtime.database import create_database_engine, reading
from integrations.runtime.errors import ConfigError
from integrations.runtime.settings import Settings
from tests.support import planted

SEED = planted.english_seed(random.Random(1))
KEY = "correct horse battery staple"


def test_sqlite_makes_a_key_beside_the_database_with_the_first_secret(tmp_path: Path) -> None:
    engine = create_database_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    file = key_file_of(engine)
    assert file is not None

    assert redactor_of(engine).text("no secret") == "no secret"
    assert not file.exists()
    assert redactor_of(engine).text(SEED).startswith("[REDACTED:SEED:")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_a_kept_key_is_read_again_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "desk.db-redaction-key").write_text("a" * 64, "ascii")
    engine = create_database_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    with reading(engine) as connection:
        shown = redactor_of(connection).text(SEED)

    assert read_key("a" * 64).hash_of(SEED.replace(" ", "")) in shown


def test_the_setting_goes_before_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    engine = open_database(Settings(database_url=url, redaction_key=SecretStr(f"3:{KEY}")))

    assert redactor_of(engine).text(SEED).endswith(".3]")
    assert not (tmp_path / "desk.db-redaction-key").exists()


def test_a_key_that_is_too_short_is_told_when_the_database_is_opened() -> None:
    with pytest.raises(ConfigError, match="16 characters"):
        open_database(Settings(redaction_key=SecretStr("short")))


def test_machines_that_share_postgresql_say_the_same_without_a_key() -> None:
    engine = create_database_engine("postgresql://desk@127.0.0.1/desk")

    assert key_file_of(engine) is None
    assert redactor_of(engine).text(SEED) == "[REDACTED:SEED]"
