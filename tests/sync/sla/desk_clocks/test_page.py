"""The page about the desk's clocks shows the rules as they are, and its example can be used."""

import re

from sync.sla.desk_clocks.loading import RulesFile, load_desk_rules
from sync.sla.desk_clocks.page import PAGE, renewed
from tests.support.shared import ROOT

TEXT = (ROOT / PAGE).read_text("utf-8")


def test_the_page_shows_the_rules_as_they_are() -> None:
    current = renewed(TEXT, load_desk_rules())

    assert current == TEXT, "run: python -m sync.sla.desk_clocks.page"


def test_the_example_of_a_rules_file_can_be_read() -> None:
    found = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)

    assert found
    assert "BR" in load_desk_rules(RulesFile(found[1], "the example")).places


def test_every_rule_that_is_not_sure_has_a_question_for_legal() -> None:
    unsure = [
        rule.policy_id
        for line in load_desk_rules().rules
        for rule in line.all
        if (rule.entry.checked != "source" or rule.entry.figure == "house")
        and not rule.entry.ask_legal
    ]

    assert unsure == []
