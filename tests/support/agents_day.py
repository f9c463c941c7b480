"""A day of a whole desk over the API: everything that people, rules and administrators do.

The wishes of a seed are always the same; what becomes of them depends on the faults in force.
"""

import time
from collections import Counter
from collections.abc import Callable  # noqa: TC003
from datetime import timedelta
from random import Random
from typing import Any

import requests

from integrations.runtime.clock import format_instant, parse_instant
from tests.support.sandbox import ADMIN

TIMEOUT_S = 10.0
PATIENCE = 40
WORDS = ("frozen", "提现 冻结", "stolen phone", "wrong address", "scam", "account locked", "KYC")
STATUSES = ("open", "pending", "hold", "solved", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TAGS = ("riskdesk", "vip", "fraud", "withdrawal", "p2p", "kyc")
PAUSES_S = (0, 1, 60, 480)  # of the record clock, between two acts
Record = dict[str, Any]


class Line:
    """The connection of somebody who works on after a failed request."""

    def __init__(self, url: str) -> None:
        self.answers: Counter[int] = Counter()
        self._url = url
        self._session = requests.Session()
        self._session.headers["Authorization"] = ADMIN
        self._session.trust_env = False

    def call(
        self, method: str, path: str, json: Any = None, *, actor: str = "", **query: Any
    ) -> Record:
        """Send a request; nothing comes back when it went wrong."""
        url = self._url + (path if path.startswith("/") else f"/api/v2/{path}")
        headers = {"X-On-Behalf-Of": actor} if actor else {}
        try:
            answer = self._session.request(
                method, url, json=json, params=query, headers=headers, timeout=TIMEOUT_S
            )
            self.answers[answer.status_code] += 1
            body = answer.json() if answer.ok and answer.content else {}
        except requests.RequestException:  # cut off, or no JSON
            self.answers[0] += 1
            return {}
        return body if isinstance(body, dict) else {}

    def insist(self, path: str, key: str, **query: Any) -> Any:
        """Read something however often it takes."""
        for _ in range(PATIENCE):
            found = self.call("GET", path, **query)
            if key in found:
                return found[key]
            time.sleep(0.05)
        raise AssertionError(f"{path} did not come in {PATIENCE} attempts")

    def close(self) -> None:
        """Hang up."""
        self._session.close()


class Day:
    """One desk at work; each act moves the record clock on."""

    def __init__(self, url: str, seed: int) -> None:
        self.line = Line(url)
        self.acts: Counter[str] = Counter()
        self._random = Random(seed)
        read = self.line.insist
        self._now = parse_instant(read("/sandbox/clock", "now"))
        self._groups = [one["id"] for one in read("groups", "groups")]
        people = read("users", "users")
        self._agents = [one["id"] for one in people if one["role"] != "end-user"]
        self._fields = [one for one in read("ticket_fields", "ticket_fields") if one["removable"]]
        self._policies = read("slas/policies", "sla_policies")
        self._schedules = read("business_hours/schedules", "schedules")
        self.tickets = [one["id"] for one in read("tickets", "tickets")]
        self.words: dict[int, str] = {}  # what only one ticket says
        self._written = 0
        self._wishes: list[Callable[[], object]] = [
            *(self.opens, self.opens, self.opens, self.answers, self.answers, self.answers),
            *(self.changes, self.changes, self.changes, self.changes, self.notes, self.tags),
            *(self.changes_many, self.changes_quietly, self.deletes, self.deletes, self.restores),
            *(self.deletes_for_good, self.redacts, self.redacts, self.hides, self.merges),
            *(self.renames_customer, self.forgets_customer, self.merges_customers),
            *(self.macros, self.organizes, self.regroups, self.asks_aside, self.rates),
            *(self.edits_policies, self.edits_hours, self.edits_fields, self.edits_rules),
            *(self.attaches, self.expires_tokens),
        ]

    def act(self) -> None:
        """Let some time pass, then do one thing."""
        self._now += timedelta(seconds=self._random.choice(PAUSES_S))
        self.line.call("PUT", "/sandbox/clock", {"now": format_instant(self._now)})
        wish = self._random.choice(self._wishes)
        self.acts[wish.__name__] += 1
        wish()

    def passes(self, by: timedelta) -> None:
        """Let time pass in which nobody does anything."""
        self._now += by
        self.line.call("PUT", "/sandbox/clock", {"now": format_instant(self._now)})

    def ends(self) -> None:
        """Do last, with nothing in the way, what a day must not lack: something erased for good."""
        there = {one["id"] for one in self.line.insist("tickets", "tickets")}
        number = max(there & set(self.words))
        self.line.call("DELETE", f"tickets/{number}")
        self.line.call("DELETE", f"deleted_tickets/{number}")

    # ---- tickets

    def opens(self) -> None:
        name = f"customer{self._random.randrange(40)}"
        self._written += 1
        ticket = self._wanted() | {
            "subject": f"{self._pick(WORDS)} ref-{self._written}",
            "requester": {"name": name, "email": f"{name}@customer.example"},
            "comment": {"body": f"{self._pick(WORDS)} 4111111111111111 ref-{self._written}"},
        }
        made = self.line.call("POST", "tickets", {"ticket": ticket}).get("ticket")
        if made:
            self.tickets.append(made["id"])
            self.words[made["id"]] = f"ref-{self._written}"

    def answers(self) -> None:
        number = self._one()
        said: Record = {"body": f"{self._pick(WORDS)} 4111111111111111", "public": True}
        ticket = self.line.call("GET", f"tickets/{number}").get("ticket")
        if ticket and self._random.random() < 0.5:
            said["author_id"] = ticket["requester_id"]
        self.line.call("PUT", f"tickets/{number}", {"ticket": {"comment": said}})

    def notes(self) -> None:
        said = {"body": f"internal {self._pick(WORDS)}", "public": False}
        self.line.call("PUT", f"tickets/{self._one()}", {"ticket": {"comment": said}})

    def changes(self) -> None:
        self.line.call("PUT", f"tickets/{self._one()}", {"ticket": self._wanted()})

    def tags(self) -> None:
        method = self._pick(("PUT", "POST", "DELETE"))
        self.line.call(method, f"tickets/{self._one()}/tags", {"tags": [self._pick(TAGS)]})

    def changes_many(self) -> None:
        if self._random.random() < 0.5:
            ids = ",".join(map(str, self._some()))
            self.line.call("PUT", "tickets/update_many", {"ticket": self._wanted()}, ids=ids)
        else:
            tickets = [{"id": number} | self._wanted() for number in self._some()]
            self.line.call("PUT", "tickets/update_many", {"tickets": tickets})

    def changes_quietly(self) -> None:
        asked = {"tickets": self._random.randint(1, 40)}
        self.line.call("POST", "/sandbox/bulk_change", asked)

    def deletes(self) -> None:
        if self._random.random() < 0.7:
            self.line.call("DELETE", f"tickets/{self._one()}")
        else:
            ids = ",".join(map(str, self._some()[:3]))
            self.line.call("DELETE", "tickets/destroy_many", ids=ids)

    def restores(self) -> None:
        for ticket in self._binned()[:2]:
            self.line.call("PUT", f"deleted_tickets/{ticket['id']}/restore")

    def deletes_for_good(self) -> None:
        for ticket in self._binned()[:1]:
            self.line.call("DELETE", f"deleted_tickets/{ticket['id']}")

    def redacts(self) -> None:
        number = self._one()
        for comment in self.line.call("GET", f"tickets/{number}/comments").get("comments", ())[:2]:
            place = f"tickets/{number}/comments/{comment['id']}"
            for file in comment["attachments"][:1]:
                self.line.call("PUT", f"{place}/attachments/{file['id']}/redact")
            if self._random.random() < 0.5:
                self.line.call("PUT", f"{place}/redact", {"text": "4111111111111111"})
                continue
            body = comment["html_body"].replace("4111", "<redact>4111</redact>")
            asked = {"ticket_id": number, "html_body": body}
            self.line.call("PUT", f"comment_redactions/{comment['id']}", asked)

    def hides(self) -> None:
        number = self._one()
        comments = self.line.call("GET", f"tickets/{number}/comments").get("comments", ())
        for comment in comments[-1:]:
            self.line.call("PUT", f"tickets/{number}/comments/{comment['id']}/make_private")

    def merges(self) -> None:
        asked = {"ids": self._some()[:2], "target_comment": "merged", "source_comment": "see there"}
        self.line.call("POST", f"tickets/{self._one()}/merge", asked)

    def attaches(self) -> None:
        upload = self.line.call("POST", "uploads", {"a": 1}, filename="proof.txt").get("upload")
        if upload:
            said = {"body": "See the file", "uploads": [upload["token"]]}
            self.line.call("PUT", f"tickets/{self._one()}", {"ticket": {"comment": said}})

    def rates(self) -> None:
        solved = self.line.call("GET", "search", query="type:ticket status:solved").get("results")
        for ticket in (solved or [])[:2]:
            user = self.line.call("GET", f"users/{ticket['requester_id']}").get("user")
            if user and user["role"] == "end-user" and user["active"]:
                rating = {"score": self._pick(("good", "bad")), "comment": "as I said"}
                path = f"tickets/{ticket['id']}/satisfaction_rating"
                asked = {"satisfaction_rating": rating}
                self.line.call("POST", path, asked, actor=user["email"])

    def asks_aside(self) -> None:
        place = f"tickets/{self._one()}/side_conversations"
        if self._random.random() < 0.6:
            to = self._pick(
                ({"email": "bank@partner.example"}, {"support_group_id": self._pick(self._groups)})
            )
            message = {"subject": "Please check", "body": "Is it yours?", "to": [to]}
            self.line.call("POST", place, {"message": message})
            return
        for begun in self.line.call("GET", place).get("side_conversations", ())[:1]:
            message = {"body": "And?", "to": [{"email": "bank@partner.example"}]}
            self.line.call("POST", f"{place}/{begun['id']}/reply", {"message": message})
            state = {"side_conversation": {"state": "closed"}}
            self.line.call("PUT", f"{place}/{begun['id']}", state)

    # ---- people

    def renames_customer(self) -> None:
        for user in self._customers()[:1]:
            changed = {"name": f"Name {self._random.randrange(99)}", "notes": "seen", "tags": ["x"]}
            self.line.call("PUT", f"users/{user['id']}", {"user": changed})

    def forgets_customer(self) -> None:
        for user in self._customers()[:1]:
            self.line.call("DELETE", f"users/{user['id']}")
            if self._random.random() < 0.6:
                self.line.call("DELETE", f"deleted_users/{user['id']}")

    def merges_customers(self) -> None:
        found = self._customers()[:2]
        if len(found) == 2:
            gone, stays = found
            self.line.call("PUT", f"users/{gone['id']}/merge", {"user": {"id": stays["id"]}})

    def organizes(self) -> None:
        known = self.line.call("GET", "organizations").get("organizations", [])
        if len(known) > 4:
            self.line.call("DELETE", f"organizations/{self._pick(known[1:])['id']}")
            return
        name = f"Company {self._random.randrange(999)}"
        made = self.line.call("POST", "organizations", {"organization": {"name": name}})
        for user in self._customers()[:1] if made else ():
            belongs = {"user_id": user["id"], "organization_id": made["organization"]["id"]}
            membership = {"organization_membership": belongs}
            self.line.call("POST", "organization_memberships", membership)

    def regroups(self) -> None:
        name = f"Task force {self._random.randrange(999)}"
        made = self.line.call("POST", "groups", {"group": {"name": name}}).get("group")
        if made:
            member = {"user_id": self._pick(self._agents), "group_id": made["id"]}
            self.line.call("POST", "group_memberships", {"group_membership": member})
            asked = {"ticket": {"group_id": made["id"]}}
            self.line.call("PUT", f"tickets/{self._one()}", asked)
        known = self.line.call("GET", "groups").get("groups", ())
        forces = [one["id"] for one in known if one["name"].startswith("Task force")]
        for number in forces[:-2]:
            self.line.call("DELETE", f"groups/{number}")

    # ---- rules and settings

    def macros(self) -> None:
        known = self.line.call("GET", "macros").get("macros", [])
        if len(known) > 5:
            self.line.call("DELETE", f"macros/{self._pick(known)['id']}")
        actions = [{"field": "priority", "value": self._pick(PRIORITIES)}]
        macro = {"title": f"Macro {self._random.randrange(9999)}", "actions": actions}
        made = self.line.call("POST", "macros", {"macro": macro}).get("macro")
        if made:
            number = self._one()
            shown = self.line.call("GET", f"tickets/{number}/macros/{made['id']}/apply")
            asked = {"macro_ids": [made["id"]], "priority": actions[0]["value"]}
            self.line.call("PUT", f"tickets/{number}", {"ticket": asked} if shown else None)

    def edits_policies(self) -> None:
        policy = self._pick(self._policies)
        metrics = [
            metric | {"target": self._pick((5, 30, 60, 480))} for metric in policy["policy_metrics"]
        ]
        for metric in metrics:
            metric.pop("target_in_seconds", None)
        asked = {"sla_policy": {"policy_metrics": metrics}}
        self.line.call("PUT", f"slas/policies/{policy['id']}", asked)

    def edits_hours(self) -> None:
        # The first schedule stays: the sandbox works out metrics anew at each reading, with the
        # hours of that moment, while Zendesk's stay as they were counted.
        schedule = self._pick(self._schedules[1:])
        place = f"business_hours/schedules/{schedule['id']}"
        opens = self._pick((480, 540, 600))
        week = [
            {"start_time": day * 1440 + opens, "end_time": day * 1440 + 1080} for day in range(1, 6)
        ]
        self.line.call("PUT", f"{place}/workweek", {"workweek": {"intervals": week}})
        holidays = self.line.call("GET", f"{place}/holidays").get("holidays", [])
        for holiday in holidays[:1]:
            self.line.call("DELETE", f"{place}/holidays/{holiday['id']}")
        day = format_instant(self._now + timedelta(days=self._random.randint(1, 300)))[:10]
        holiday = {"name": "Day off", "start_date": day, "end_date": day}
        self.line.call("POST", f"{place}/holidays", {"holiday": holiday})

    def edits_fields(self) -> None:
        title = f"Field {self._random.randrange(999)}"
        kind = self._pick(("text", "checkbox", "integer", "date", "decimal"))
        field = {"title": title, "type": kind}
        made = self.line.call("POST", "ticket_fields", {"ticket_field": field}).get("ticket_field")
        known = self.line.call("GET", "ticket_fields").get("ticket_fields", ())
        ours = [one["id"] for one in known if one["title"].startswith("Field ")]
        if made and len(ours) > 3:
            self.line.call("DELETE", f"ticket_fields/{ours[0]}")

    def edits_rules(self) -> None:
        known = self.line.call("GET", "triggers").get("triggers", [])
        if len(known) > 2:
            self.line.call("DELETE", f"triggers/{known[0]['id']}")
            return
        condition = {"field": "subject_includes_word", "operator": "includes", "value": "scam"}
        trigger = {
            "title": f"Trigger {self._random.randrange(999)}",
            "conditions": {"all": [condition], "any": []},
            "actions": [{"field": "current_tags", "value": "by_trigger"}],
        }
        self.line.call("POST", "triggers", {"trigger": trigger})

    def expires_tokens(self) -> None:
        self.line.call("POST", "/sandbox/expire_tokens")

    # ---- choices

    def _pick(self, choices: Any) -> Any:
        return self._random.choice(choices)

    def _one(self) -> int:
        return int(self._pick(self.tickets)) if self.tickets else 1

    def _some(self) -> list[int]:
        return [self._one() for _ in range(self._random.randint(1, 6))]

    def _binned(self) -> list[Record]:
        found = list(self.line.call("GET", "deleted_tickets").get("deleted_tickets", ()))
        self._random.shuffle(found)
        return found

    def _customers(self) -> list[Record]:
        found = self.line.call("GET", "users", role="end-user").get("users", [])
        chosen = [one for one in found if "customer" in str(one["email"])]
        self._random.shuffle(chosen)
        return chosen

    def _wanted(self) -> Record:
        field = self._pick(self._fields)
        options = field.get("custom_field_options") or [{"value": f"{self._random.randrange(999)}"}]
        wishes: list[Record] = [
            {"status": self._pick(STATUSES), "assignee_id": self._pick(self._agents)},
            {"priority": self._pick(PRIORITIES)},
            {"tags": self._random.sample(TAGS, 2)},
            {"assignee_id": self._pick(self._agents)},
            {"group_id": self._pick(self._groups)},
            {"type": self._pick(("problem", "incident", "question", "task"))},
            {"custom_fields": [{"id": field["id"], "value": self._pick(options)["value"]}]},
            {"external_id": f"case-{self._random.randrange(50)}"},
        ]
        wanted: Record = {}
        for wish in self._random.sample(wishes, self._random.randint(1, 3)):
            wanted |= wish
        return wanted
