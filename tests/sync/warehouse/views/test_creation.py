"""Every view explains itself, marks what is personal and is the same on both databases."""

import pytest
from sqlalchemy import Engine, inspect, select, text

from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import ConfigError
from sync.migrations.upgrade import upgrade
from sync.warehouse.views.creation import VIEWS
from sync.warehouse.views.view import View
from tests.support.databases import fresh_postgres
from tests.support.warehouse import put_people, put_ticket


@pytest.mark.parametrize("view", VIEWS.values(), ids=lambda view: view.name)
def test_view_explains_itself_and_its_columns(view: View) -> None:
    names = [one.name for one in view.columns]

    assert view.comment.startswith("One row per ")
    assert view.comment.endswith(".")
    assert len(set(names)) == len(names)
    assert set(view.meanings) <= set(names)
    assert view.harmless <= set(names)


def test_upgrade_makes_every_view_twice_without_harm(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    upgrade(empty_engine)

    assert set(inspect(empty_engine).get_view_names()) == set(VIEWS)


def test_views_have_the_columns_they_tell(any_engine: Engine) -> None:
    with reading(any_engine) as connection:
        for view in VIEWS.values():
            found = connection.execute(select(text("*")).select_from(view.table))
            assert list(found.keys()) == [one.name for one in view.columns]
            assert connection.execute(select(view.table)).all() == []


def test_a_view_of_somebody_else_is_not_dropped_but_named() -> None:
    with fresh_postgres() as engine:
        upgrade(engine)
        with transaction(engine) as connection:
            connection.exec_driver_sql("CREATE VIEW mine AS SELECT * FROM backlog")

        with pytest.raises(ConfigError, match="reads the view backlog"):
            upgrade(engine)

        assert {"mine", *VIEWS} == set(inspect(engine).get_view_names())


def test_postgresql_tells_the_meaning_of_views_to_other_programs() -> None:
    with fresh_postgres() as engine:
        upgrade(engine)
        found = inspect(engine)
        meanings = {one["name"]: one.get("comment") for one in found.get_columns("backlog")}

        assert found.get_table_comment("backlog")["text"] == VIEWS["backlog"].comment
        assert meanings["tickets"] == "how many wait"


@pytest.mark.parametrize(
    ("name", "personal"),
    [
        ("open_tickets", {"subject", "assignee_name"}),
        ("backlog", set()),
        ("ticket_custom_fields", {"value"}),
        ("ticket_timeline", {"previous_value", "value"}),
        ("ticket_stays", set()),
        ("ticket_risk", set()),
        ("agent_replies_per_day", {"agent_name"}),
    ],
)
def test_what_is_personal_in_a_table_is_personal_in_its_views(
    name: str, personal: set[str]
) -> None:
    view = VIEWS[name]

    assert {one.name for one in view.columns if view.is_personal(one.name)} == personal


def test_views_of_an_unknown_group_still_show_the_ticket(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1, group_id=999, assignee_id=998)

    with reading(any_engine) as connection:
        names = ("open_tickets", "ticket_risk", "ticket_times", "backlog")
        counts = [len(connection.execute(select(VIEWS[one].table)).all()) for one in names]

    assert counts == [1, 1, 1, 1]
