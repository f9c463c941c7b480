"""What must hold at the end of a day of faults, whatever happened in it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support.faulty_day import KILLS, STRIKING, Scene, read_json, seed_of_the_day, stage
from tests.support.plain_truth import contradictions, gone_for_good, remains, ticket_times

SHOWN = 30  # differences in the report of a failed test


def judge_a_day(database: str, folder: Path) -> None:
    """Play a day; fail with its seed when the warehouse and Zendesk differ in anything."""
    seed = seed_of_the_day()
    with stage(database, folder, seed) as scene:
        day = scene.play()
        state = scene.account.state()
        figures = {
            "seed": seed,
            "acts": day.acts.total(),
            "kills": dict(scene.tally.kills),
            "interrupted": scene.tally.interrupted,
            "ended": dict(scene.tally.ended),
            "struck": state["struck"],
            "deliveries": state["deliveries"],
            "tickets": state["tickets"] + state["deleted_tickets"],
        }
        (folder / "figures.json").write_text(json.dumps(figures, indent=1), "utf-8")
        print(json.dumps(figures))  # noqa: T201 - pytest shows it with a failed test
        _check_that_it_was_a_hard_day(scene, state)
        copied = scene.riskdesk("sync", "run", "--json")
        assert copied.code == 0, copied.stdout[-3000:] + copied.stderr[-3000:]
        erased = gone_for_good(scene.account.url, day.words)
        assert erased, "no ticket was deleted for good"
        wrong = _told_by_verify(scene)
        wrong |= {"contradictions": contradictions(scene.account.url, scene.engine)}
        wrong |= {"remains": remains(scene.engine, erased)}
        told = {name: found for name, found in wrong.items() if found}
        if told:
            numbers = {int(one["id"]) for one in wrong["differences"] if one["table"] == "tickets"}
            told["rows"] = [ticket_times(scene.engine, number) for number in sorted(numbers)]
        assert told == {}, json.dumps(told, indent=1)


def _check_that_it_was_a_hard_day(scene: Scene, state: dict[str, Any]) -> None:
    kills = scene.tally.kills
    assert kills.total() >= KILLS, f"only {kills} kills: {scene.last_words()}"
    assert scene.tally.interrupted > 0, "no kill hit a copy between two of its pages"
    assert {name for name in STRIKING if not state["struck"].get(name)} == set()
    went_wrong = {name: state["deliveries"][name] for name in ("lost", "duplicated", "reordered")}
    assert all(went_wrong.values()), went_wrong


def _told_by_verify(scene: Scene) -> dict[str, Any]:
    verified = scene.riskdesk("sync", "verify", "--full", "--json")
    found = read_json(verified)
    differing = Counter(f"{one['table']}.{one['field']}" for one in found["differences"])
    return {
        "exit code": verified.code,
        "failures": found["failures"],
        "differing": dict(differing),
        "differences": found["differences"][:SHOWN],
    }
