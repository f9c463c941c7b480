"""How the account is set up: fields, forms, statuses, tags, brands and webhooks."""

from sync.streams.stream import SELDOM, Paging, Stream
from sync.warehouse.tables.configuration import (
    brands,
    custom_statuses,
    tags,
    ticket_fields,
    ticket_forms,
    webhooks,
)

LISTS: tuple[Stream, ...] = (
    Stream(
        name="brands",
        path="/api/v2/brands.json",
        records_key="brands",
        paging=Paging.FULL_LIST,
        table=brands,
    ),
    Stream(
        name="ticket_fields",
        path="/api/v2/ticket_fields.json",
        records_key="ticket_fields",
        paging=Paging.FULL_LIST,
        table=ticket_fields,
    ),
    Stream(
        name="ticket_forms",
        path="/api/v2/ticket_forms.json",
        records_key="ticket_forms",
        paging=Paging.FULL_LIST,
        table=ticket_forms,
    ),
    Stream(
        name="custom_statuses",
        path="/api/v2/custom_statuses.json",
        records_key="custom_statuses",
        paging=Paging.FULL_LIST,
        table=custom_statuses,
    ),
    Stream(
        name="tags",
        path="/api/v2/tags.json",
        records_key="tags",
        paging=Paging.FULL_LIST,
        table=tags,
        freshness=SELDOM,
    ),
    Stream(
        name="webhooks",
        path="/api/v2/webhooks",
        records_key="webhooks",
        paging=Paging.FULL_LIST,
        table=webhooks,
    ),
)
