"""What SLA clocks are computed from: policies, business hours, holidays."""

from sync.streams.stream import Paging, Stream
from sync.warehouse.tables.policies import (
    group_sla_policies,
    schedule_holidays,
    schedules,
    sla_policies,
)

LISTS: tuple[Stream, ...] = (
    Stream(
        name="sla_policies",
        path="/api/v2/slas/policies.json",
        records_key="sla_policies",
        paging=Paging.FULL_LIST,
        table=sla_policies,
    ),
    Stream(
        name="group_sla_policies",
        path="/api/v2/group_slas/policies.json",
        records_key="group_sla_policies",
        paging=Paging.FULL_LIST,
        table=group_sla_policies,
    ),
    Stream(
        name="schedules",
        path="/api/v2/business_hours/schedules.json",
        records_key="schedules",
        paging=Paging.FULL_LIST,
        table=schedules,
    ),
    Stream(
        name="schedule_holidays",
        path="/api/v2/business_hours/schedules/{parent_id}/holidays.json",
        records_key="holidays",
        paging=Paging.FULL_LIST,
        table=schedule_holidays,
        parent="schedules",
        parent_key="schedule_id",
    ),
)
