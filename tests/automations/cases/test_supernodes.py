"""What is named is written one way, and common things are known."""

from pathlib import Path

import pytest

from automations.cases.mentions import Kind, Relation, written_alike
from automations.cases.supernodes import known_supernodes, read_supernodes
from automations.triage.addresses import chain_of
from integrations.runtime.errors import ConfigError
from integrations.runtime.settings import load_settings
from tests.support.cases import controls, victim_of


@pytest.mark.parametrize(
    ("kind", "written", "alike"),
    [
        (Kind.DOMAIN, "https://www.Evil.example/login?x=1", "evil.example"),
        (Kind.DOMAIN, "evil.example", "evil.example"),
        (Kind.DOMAIN, "http://user:pw@evil.example:8080", "evil.example"),
        (Kind.DOMAIN, "http://[bad", None),
        (Kind.DOMAIN, "localhost", None),
        (Kind.ADDRESS, "0xABCdef", "0xabcdef"),
        (Kind.ADDRESS, "BC1QAR0", "bc1qar0"),
        (Kind.ADDRESS, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
        (Kind.TXID, "ABCDEF", "abcdef"),
        (Kind.ADDRESS, " ", None),
    ],
)
def test_a_thing_is_written_one_way(kind: Kind, written: str, alike: str | None) -> None:
    assert written_alike(kind, written) == alike


def test_the_shipped_list_holds_real_addresses_and_plain_domains() -> None:
    listed = known_supernodes()

    assert [address for address in listed.address if chain_of(address) is None] == []
    assert all(written_alike(Kind.DOMAIN, domain) == domain for domain in listed.domain)
    assert listed.most_tickets.keys() == set(Relation)
    assert all(set(limits) == set(Kind) for limits in listed.most_tickets.values())


def test_a_listed_domain_stands_for_its_subdomains_and_for_no_look_alike() -> None:
    listed = known_supernodes()

    assert listed.lists(victim_of("support.okx.com", Kind.DOMAIN))
    assert not listed.lists(victim_of("okx.com.evil.example", Kind.DOMAIN))
    assert not listed.lists(victim_of("notokx.com", Kind.DOMAIN))


def test_a_listed_address_is_common_however_few_tickets_name_it() -> None:
    hot_wallet = "0x28c6c06298d514db089934071355e5743bf21d60"

    assert known_supernodes().is_one(victim_of(hot_wallet), 1)
    assert not known_supernodes().is_one(victim_of("0xa"), 1)


def test_an_own_thing_that_many_name_is_common_sooner_than_a_suspects() -> None:
    assert known_supernodes().is_one(controls("0xa"), 51)
    assert not known_supernodes().is_one(victim_of("0xa"), 51)


def test_an_own_file_adds_to_the_shipped_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('domain = ["https://www.bank.example/"]\n[most_tickets.controls]\nphone = 7\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RISKDESK_COMMON_INDICATORS", str(own))
    load_settings.cache_clear()
    known_supernodes.cache_clear()
    try:
        known = known_supernodes()
    finally:
        load_settings.cache_clear()
        known_supernodes.cache_clear()

    assert known.lists(victim_of("login.bank.example", Kind.DOMAIN))
    assert known.lists(victim_of("okx.com", Kind.DOMAIN))
    assert known.is_one(controls("+86", Kind.PHONE), 8)
    assert not known.is_one(controls("+86", Kind.EMAIL), 8)


@pytest.mark.parametrize("text", ["domain = 5", "domain = [", "adress = []"])
def test_a_list_that_cannot_be_used_is_named_in_two_lines(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)

    with pytest.raises(ConfigError) as caught:
        read_supernodes(own)

    assert "own.toml" in caught.value.message
