"""The standing population: who and what every sandbox has before anything happens."""

from datetime import UTC, datetime
from typing import Any

from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.satisfaction import REASONS

FOUNDED = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)
ADMIN_EMAIL = "admin@example.com"
INTEGRATION_EMAIL = "riskdesk@example.com"
LIGHT_AGENT_EMAIL = "nina.patel@example.com"
LIGHT_AGENT_ROLE, ADMIN_ROLE = 1, 4
# what a role may do, in the words of Zendesk's custom roles
FOR_ADMINS = (
    "manage_business_rules manage_dynamic_content manage_extensions_and_channels ticket_deletion "
    "view_deleted_tickets group_access organization_editing manage_automations "
    "manage_contextual_workspaces manage_organization_fields manage_skills manage_slas "
    "manage_ticket_fields manage_ticket_forms manage_user_fields ticket_redaction manage_groups "
    "manage_group_memberships manage_organizations manage_suspended_tickets manage_triggers"
).split()
FOR_AGENTS = (
    "ticket_editing ticket_merge ticket_tag_editing assign_tickets_to_any_group "
    "organization_notes_editing"
).split()
FOR_NOBODY = (
    "chat_access forum_access_restricted_content manage_facebook moderate_forums "
    "twitter_search_access voice_access voice_dashboard_access"
).split()
LEVELS = (
    "end_user_profile_access explore_access forum_access macro_access report_access "
    "user_view_access view_access"
).split()

# queue code -> (group, agents)
QUEUES: dict[str, tuple[str, tuple[str, ...]]] = {
    "RC": ("Risk Control", ("Lin Wei", "Ana Souza", "Marcus Tan")),
    "SEC": ("Account Security", ("Priya Nair", "Chen Jie", "Tom Becker")),
    "CMP": ("Compliance", ("Sofia Rossi", "Zhao Min")),
    "LGL": ("Legal", ("Thomas Berg", "He Lan")),
    "P2P": ("P2P Operations", ("Kenji Mori", "Wu Fang", "Leila Haddad")),
    "PAY": ("Payments", ("Olga Ivanova", "Daniel Okafor")),
    "TEC": ("Engineering", ("Mei Xu", "Jonas Weber")),
    "CS": ("Customer Service", ("Grace Lee", "Omar Farouk", "Liu Yang")),
    "DPO": ("Data Protection", ("Eva Novak", "Sun Li")),
    "IA": ("Internal Audit", ("Ruth Cohen", "Gao Peng")),
}
FAMILIES = {  # letter -> how many reasons
    "a": 6,
    "b": 10,
    "c": 8,
    "d": 7,
    "e": 8,
    "f": 5,
    "g": 5,
    "h": 4,
    "i": 4,
    "j": 6,
    "k": 4,
    "n": 5,
    "x": 3,
}
CATEGORIES = {  # status category -> (agents read, customers read)
    "new": ("New", "Open"),
    "open": ("Open", "Open"),
    "pending": ("Pending", "Awaiting your reply"),
    "hold": ("On-hold", "Open"),
    "solved": ("Solved", "Solved"),
}
BUILT_IN_FIELDS = (
    ("subject", "Subject"),
    ("description", "Description"),
    ("status", "Status"),
    ("tickettype", "Type"),
    ("priority", "Priority"),
    *(("group", "Group"), ("assignee", "Assignee"), ("custom_status", "Ticket status")),
)
WORKDAY = (9 * 60, 18 * 60)


def populate(account: Account, *, founded: datetime = FOUNDED) -> None:
    """Fill an empty account."""
    account.clock.rewind_for_history(founded)
    _roles(account)
    _people(account)
    _fields_and_forms(account)
    _brand(account)
    _satisfaction_reasons(account)
    _schedules(account)
    _sla_policies(account)
    _trigger_category(account)
    _group_sla_policy(account)


def _dated(account: Account, **fields: Any) -> Record:
    stamp = account.clock.stamp()
    return {"id": account.ids.record(), **fields, "created_at": stamp, "updated_at": stamp}


def _roles(account: Account) -> None:
    for name, kind, about in (
        ("Light agent", LIGHT_AGENT_ROLE, "Can view tickets and add private comments"),
        ("Agent", 0, "Can work on tickets"),
        ("Admin", ADMIN_ROLE, "Can manage all settings"),
    ):
        account.custom_roles.add(
            _dated(
                account,
                name=name,
                description=about,
                role_type=kind,
                configuration=_configuration(kind),
                team_member_count=0,
            )
        )


def _configuration(kind: int) -> dict[str, Any]:
    is_admin, is_light = kind == ADMIN_ROLE, kind == LIGHT_AGENT_ROLE
    level = "full" if is_admin else "readonly"
    return {
        **dict.fromkeys(FOR_ADMINS, is_admin),
        **dict.fromkeys(FOR_AGENTS, not is_light),
        **dict.fromkeys(FOR_NOBODY, False),
        **dict.fromkeys(LEVELS, level),
        "light_agent": is_light,
        "side_conversation_create": True,
        "ticket_access": "all",
        "ticket_comment_access": "none" if is_light else "public",
        "end_user_list_access": "full",
        "manage_roles": "all" if is_admin else "none",
    }


def _people(account: Account) -> None:
    organization(account, "Example Exchange")
    groups = {code: _group(account, name, code == "CS") for code, (name, _) in QUEUES.items()}
    admin = _staff(account, "Desk Admin", ADMIN_EMAIL, "admin")
    account.add_membership(admin, groups["CS"]["id"], default=True)
    integration = _staff(account, "riskdesk integration", INTEGRATION_EMAIL, "admin")
    account.add_membership(integration, groups["RC"]["id"], default=True)
    for code, (_, names) in QUEUES.items():
        for name in names:
            address = f"{name.lower().replace(' ', '.')}@example.com"
            agent = _staff(account, name, address, "agent")
            account.add_membership(agent, groups[code]["id"], default=True)
    light = _staff(account, "Nina Patel", LIGHT_AGENT_EMAIL, "agent", is_light=True)
    account.add_membership(light, groups["CS"]["id"], default=True)


def organization(account: Account, name: str, **more: Any) -> Record:
    """Keep a company that users belong to, and return it."""
    fields: Record = {
        "name": name,
        "external_id": None,
        "shared_tickets": False,
        "shared_comments": False,
        "domain_names": [],
        "details": "",
        "notes": "",
        "group_id": None,
        "tags": [],
        "organization_fields": {},
    }
    return account.organizations.add(_dated(account, **(fields | more)))


def _group(account: Account, name: str, is_default: bool) -> Record:  # noqa: FBT001
    return account.groups.add(
        _dated(
            account, name=name, description="", default=is_default, deleted=False, is_public=True
        )
    )


def _staff(account: Account, name: str, email: str, role: str, *, is_light: bool = False) -> Record:
    role_name = "Light agent" if is_light else role.capitalize()
    kind = account.custom_roles.where(name=role_name)[0]
    kind["team_member_count"] += 1
    user = account.add_user(
        {
            "name": name,
            "email": email,
            "role": role,
            "custom_role_id": kind["id"],
            "only_private_comments": is_light,
        }
    )
    user["role_type"] = kind["role_type"]
    return user


def _fields_and_forms(account: Account) -> None:
    for category, (agents_read, customers_read) in CATEGORIES.items():
        account.custom_statuses.add(
            _dated(
                account,
                status_category=category,
                agent_label=agents_read,
                raw_agent_label=agents_read,
                end_user_label=customers_read,
                raw_end_user_label=customers_read,
                description="",
                raw_description="",
                end_user_description="",
                raw_end_user_description="",
                active=True,
                default=True,
            )
        )
    for kind, title in BUILT_IN_FIELDS:
        account.ticket_fields.add(ticket_field(account, kind, title, removable=False))
    reasons = [f"risk_{letter}{n}" for letter, most in FAMILIES.items() for n in range(1, most + 1)]
    _tagger(account, "Risk reason", reasons)
    _tagger(account, "Risk severity", [f"risk_s{n}" for n in range(1, 5)])
    for title in ("Exchange UID", "Transaction ID", "Amount"):
        account.ticket_fields.add(ticket_field(account, "text", title, removable=True))
    account.ticket_forms.add(
        _dated(
            account,
            name="Complaint",
            raw_name="Complaint",
            display_name="Complaint",
            raw_display_name="Complaint",
            end_user_visible=True,
            position=0,
            ticket_field_ids=[field["id"] for field in account.ticket_fields.all()],
            active=True,
            default=True,
            in_all_brands=True,
            restricted_brand_ids=[],
            end_user_conditions=[],
            agent_conditions=[],
            deleted_at=None,
            form_type="standard",
        )
    )


def ticket_field(account: Account, kind: str, title: str, *, removable: bool) -> Record:
    """Return the record of a new ticket field."""
    return _dated(
        account,
        type=kind,
        title=title,
        raw_title=title,
        description=title,
        raw_description=title,
        position=9999 if removable else len(account.ticket_fields) + 1,
        active=True,
        required=False,
        collapsed_for_agents=False,
        regexp_for_validation=None,
        title_in_portal=title,
        raw_title_in_portal=title,
        visible_in_portal=False,
        editable_in_portal=False,
        required_in_portal=False,
        tag=None,
        removable=removable,
        key=None,
        agent_description=None,
    )


def _tagger(account: Account, title: str, options: list[str]) -> None:
    field = account.ticket_fields.add(ticket_field(account, "tagger", title, removable=True))
    field["custom_field_options"] = [
        {
            "id": account.ids.record(),
            "name": option.removeprefix("risk_").upper(),
            "raw_name": option.removeprefix("risk_").upper(),
            "value": option,
            "default": False,
        }
        for option in options
    ]


def _brand(account: Account) -> None:
    account.brands.add(
        _dated(
            account,
            name="Example Exchange",
            brand_url="http://127.0.0.1",
            subdomain="sandbox",
            host_mapping=None,
            has_help_center=False,
            help_center_state="disabled",
            active=True,
            default=True,
            is_deleted=False,
            logo=None,
            ticket_form_ids=[form["id"] for form in account.ticket_forms.all()],
            signature_template="{{agent.signature}}",
        )
    )


def _satisfaction_reasons(account: Account) -> None:
    for code, reason in REASONS:
        account.satisfaction_reasons.add(
            _dated(account, reason_code=code, value=reason, raw_value=reason, deleted_at=None)
        )


def _schedules(account: Account) -> None:
    weekdays = [
        {"start_time": day * 1440 + WORKDAY[0], "end_time": day * 1440 + WORKDAY[1]}
        for day in range(1, 6)
    ]
    whole_week = [{"start_time": day * 1440, "end_time": (day + 1) * 1440} for day in range(7)]
    new_year = [
        {
            "id": account.ids.record(),
            "name": "Lunar New Year",
            "start_date": "2026-02-17",
            "end_date": "2026-02-18",
        }
    ]
    for name, zone, intervals, holidays in (
        ("Singapore office", "Singapore", weekdays, new_year),
        ("24x7", "UTC", whole_week, []),
    ):
        account.schedules.add(
            _dated(account, name=name, time_zone=zone, intervals=intervals, holidays=holidays)
        )


def _sla_policies(account: Account) -> None:
    urgent = _targets("urgent", 15, 4 * 60, business=False)
    high = _targets("high", 60, 8 * 60, business=False)
    calm, calmer = (
        [
            target
            for priority in ("normal", "low")
            for target in _targets(priority, hours * 60, 3 * hours * 60, business=True)
        ]
        for hours in (4, 8)
    )
    tagged = [{"field": "current_tags", "operator": "includes", "value": "riskdesk"}]
    for position, (title, conditions, targets) in enumerate(
        (
            ("Risk complaints", tagged, urgent + high + calm),
            ("All tickets", [], urgent + high + calmer),
        ),
        start=1,
    ):
        account.sla_policies.add(
            _dated(
                account,
                title=title,
                description="",
                position=position,
                filter={"all": conditions, "any": []},
                policy_metrics=targets,
                metric_settings=None,
            )
        )


def _trigger_category(account: Account) -> None:
    category = _dated(account, name="Notifications", position=0)
    account.trigger_categories.add(category | {"id": str(category["id"])})


def _targets(priority: str, reply: int, wait: int, *, business: bool) -> list[Record]:
    return [
        {
            "priority": priority,
            "metric": metric,
            "target": minutes,
            "target_in_seconds": minutes * 60,
            "business_hours": business,
        }
        for metric, minutes in (("first_reply_time", reply), ("requester_wait_time", wait))
    ]


def _group_sla_policy(account: Account) -> None:
    legal = account.groups.where(name=QUEUES["LGL"][0])[0]["id"]
    account.group_sla_policies.add(
        _dated(account, title="Legal answers", description="", position=1)
        | {
            "id": account.ids.ulid(FOUNDED),
            "filter": {"all": [{"field": "group_id", "operator": "includes", "value": [legal]}]},
            "policy_metrics": [
                {
                    "priority": priority,
                    "metric": "group_ownership_time",
                    "target": hours * 3600,
                    "business_hours": True,
                }
                for priority, hours in (("urgent", 2), ("high", 4), ("normal", 9), ("low", 18))
            ],
        }
    )
