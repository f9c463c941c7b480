"""A complaint about personal data that leaves with every copy."""

from pathlib import Path

import pyarrow.parquet as pq
from sqlalchemy import Engine

from sync.exports.relation import Wanted, chosen
from sync.exports.service import Order, export
from tests.support.copying import copying

SECRETS = ("We suspect fraud", "Ottoline Hargreaves", "ottoline@customer.example", "My card")


def test_complaint_12_an_export_can_leave_out_whatever_is_personal(
    any_engine: Engine, tmp_path: Path
) -> None:
    """PostHog/posthog#67400: names, addresses and notes went along although nobody chose them."""
    with copying(any_engine) as copier:
        person = {"name": "Ottoline Hargreaves", "email": "ottoline@customer.example"}
        number = copier.desk.ticket(requester=person, comment={"body": "My card is lost"})["id"]
        copier.desk.update(number, comment={"body": "We suspect fraud", "public": False})
        copier.sync()
    everything, harmless = tmp_path / "everything", tmp_path / "harmless"
    export(any_engine, Order(relations=chosen(None), folder=everything))
    wanted = Wanted.NOTHING_PERSONAL
    export(any_engine, Order(relations=chosen(None), folder=harmless, wanted=wanted))

    assert secrets_in(everything) == set(SECRETS)
    assert secrets_in(harmless) == set()
    ids = pq.read_table(harmless / "tickets.parquet").column("id").to_pylist()
    assert ids == [number]


def secrets_in(folder: Path) -> set[str]:
    told = "".join(str(pq.read_table(file).to_pylist()) for file in folder.glob("*.parquet"))
    return {secret for secret in SECRETS if secret in told}
