"""What agents use and what Zendesk does by itself: macros, views, triggers, automations."""

from sync.streams.stream import Paging, Stream
from sync.warehouse.tables.configuration import macros
from sync.warehouse.tables.rules import automations, triggers, views

LISTS: tuple[Stream, ...] = (
    Stream(
        name="macros",
        path="/api/v2/macros.json",
        records_key="macros",
        paging=Paging.FULL_LIST,
        table=macros,
    ),
    Stream(
        name="views",
        path="/api/v2/views.json",
        records_key="views",
        paging=Paging.FULL_LIST,
        table=views,
    ),
    Stream(
        name="triggers",
        path="/api/v2/triggers.json",
        records_key="triggers",
        paging=Paging.FULL_LIST,
        table=triggers,
    ),
    Stream(
        name="automations",
        path="/api/v2/automations.json",
        records_key="automations",
        paging=Paging.FULL_LIST,
        table=automations,
    ),
)
