"""A client is known by its network, and only proxies of ours are believed when they say who it is (RFC 7239)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.publication.settings import Limits
from missiongraph.web.context.client_networks import Networks


def networks(**limits: object) -> Networks:
    return Networks(Limits.model_validate({name.replace("_", "-"): value for name, value in limits.items()}))


@pytest.mark.parametrize(
    ("address", "own", "wider"),
    [
        ("192.0.2.77", "192.0.2.0/24", "192.0.0.0/16"),
        ("192.0.2.77:4711", "192.0.2.0/24", "192.0.0.0/16"),
        ("::ffff:192.0.2.77", "192.0.2.0/24", "192.0.0.0/16"),
        ("2001:db8:1:2::9", "2001:db8:1::/48", "2001:db8::/32"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1::/48", "2001:db8::/32"),
        ("unknown", "unknown", ""),
    ],
)
def test_a_client_is_known_by_its_network(address: str, own: str, wider: str) -> None:
    assert networks().of(address, "") == (own, wider)


def test_settings_say_how_large_a_network_is() -> None:
    assert networks(ipv4_prefix=32, ipv6_prefix=64).of("192.0.2.77", "") == ("192.0.2.77/32", "192.0.2.0/24")
    assert networks(ipv6_prefix=64).of("2001:db8:1:2::9", "") == ("2001:db8:1:2::/64", "2001:db8:1::/48")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "fe80::1%eth0", ""])
def test_the_machine_and_private_networks_have_no_budget(address: str) -> None:
    assert networks().of(address, "") is None
    assert (networks(without_budget=[]).of(address, "") is None) == (address == "")


def test_settings_name_who_has_no_budget() -> None:
    named = networks(without_budget=["198.51.100.0/24"])
    assert named.of("198.51.100.9", "") is None
    assert named.of("127.0.0.1", "") is not None


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.1", "192.0.2.1", "203.0.113.0/24"),  # no proxy of ours
        ("10.0.0.1", "192.0.2.1", "192.0.2.0/24"),
        ("10.0.0.1", "198.51.100.1, 192.0.2.1", "192.0.2.0/24"),  # what the client said of itself stands left
        ("10.0.0.1", "192.0.2.1, 10.0.0.2", "192.0.2.0/24"),  # two proxies of ours
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", None),  # somebody within
        ("10.0.0.1", "", None),
        ("10.0.0.1", "nonsense", "nonsense"),
        ("", "192.0.2.1", "192.0.2.0/24"),  # a proxy by a Unix socket
    ],
)
def test_the_client_is_the_rightmost_who_is_no_proxy_of_ours(peer: str, forwarded: str, client: str | None) -> None:
    found = networks(proxies=["10.0.0.0/24"]).of(peer, forwarded)
    assert (found and found[0]) == client


def test_without_proxies_of_ours_nobody_is_believed() -> None:
    assert networks().of("203.0.113.1", "192.0.2.1") == networks().of("203.0.113.1", "")


def test_a_number_of_proxies_counts_from_the_right() -> None:
    assert networks(proxies=1).of("203.0.113.1", "10.0.0.9, 192.0.2.1") == ("192.0.2.0/24", "192.0.0.0/16")
    assert networks(proxies=2).of("203.0.113.1", "192.0.2.1") == ("203.0.113.0/24", "203.0.0.0/16")


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.0/24"),
        ('For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::/48"),
        ("for=192.0.2.43, for=198.51.100.17", "198.51.100.0/24"),
        ("by=10.0.0.1;for=192.0.2.43", "192.0.2.0/24"),
        ('for="_gazonk"', "_gazonk"),
    ],
)
def test_forwarded_is_read_where_the_settings_say_so(forwarded: str, client: str) -> None:
    """RFC 7239, section 4; the examples are its own."""
    found = networks(proxies=["10.0.0.1"], proxy_header="Forwarded").of("10.0.0.1", forwarded)
    assert found and found[0] == client


@given(st.text(max_size=60), st.sampled_from(["Forwarded", "X-Forwarded-For"]))
def test_no_header_makes_it_fail(forwarded: str, header: str) -> None:
    found = networks(proxies=["10.0.0.1"], proxy_header=header)
    found.of("10.0.0.1", forwarded)
    assert found.of("203.0.113.1", forwarded) == ("203.0.113.0/24", "203.0.0.0/16")


@given(st.ip_addresses(v=4).map(str), st.text(max_size=40))
def test_what_a_client_says_of_itself_changes_nothing(client: str, said: str) -> None:
    found = networks(proxies=["203.0.113.7"])
    if client != "203.0.113.7":
        assert found.of("203.0.113.7", f"{said}, {client}") == found.of(client, "")
