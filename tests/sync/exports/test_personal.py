"""Every text that the warehouse keeps was judged: it is personal, or its name stands here."""

import pytest
from sqlalchemy import JSON, Text

from sync.exports.relation import Relation, chosen

# What Zendesk, the account's admins or riskdesk name; nothing a customer or agent writes freely.
KINDS = """
    _source channel family field http_method jurisdiction kind lane language metric method
    policy_priority previous_state priority product queue reason request_format satisfaction score
    state status status_before status_category stream table_name tag tags type via_channel
"""
SET_UP = """
    actions agent_conditions agent_label brand_url category_id conditions configuration
    custom_field_options description display_name domain_names end_user_conditions
    end_user_description end_user_label endpoint execution field_title filter group_name
    group_sla intervals locale metric_settings name option policy_metrics policy_title
    reason_name record restricted_brand_ids restriction role severity severity_name sla subdomain
    subscriptions ticket_field_ids time_zone title
"""
BOOKS = """
    cause cursor custom_metadata detail digest error explanation external_id id ours paused_spells
    policy_id record_id
    side_conversation_id source unknown_reason value version zendesk
"""
HARMLESS = frozenset(f"{KINDS} {SET_UP} {BOOKS}".split())
# Names that are harmless in some tables only.
ELSEWHERE_PERSONAL = {
    "name": {"users"},
    "value": {"ticket_field_values", "ticket_field_history", "ticket_custom_fields"},
    "external_id": {"tickets", "users"},
    "description": {"tickets"},
}


def texts(relation: Relation) -> set[str]:
    """Return the names of a relation's text columns that are not marked as personal."""
    return {
        one.name
        for one in relation.fields
        if isinstance(one.type, Text | JSON) and not one.personal
    }


@pytest.mark.parametrize("relation", chosen(None), ids=lambda one: one.name)
def test_a_text_is_personal_or_known_to_be_harmless(relation: Relation) -> None:
    assert texts(relation) - HARMLESS == set(), "mark it with PERSONAL, or name it here"


@pytest.mark.parametrize("relation", chosen(None), ids=lambda one: one.name)
def test_a_name_that_is_harmless_elsewhere_is_personal_where_people_fill_it(
    relation: Relation,
) -> None:
    forgotten = {
        name for name in texts(relation) if relation.name in ELSEWHERE_PERSONAL.get(name, ())
    }

    assert forgotten == set()
