"""Which addresses belong to everybody; where an IPv4 address is inside, it is judged as well."""

from ipaddress import ip_address

import pytest

from backlog.rules import networks

OWN = [
    *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.0.8", "198.18.0.1", "192.88.99.1"),
    *("::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "100::1", "2001:db8::1", "3fff::1"),
    # Loopback and private addresses, in every way there is to write one into another.
    *("::ffff:127.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b::a00:1", "64:ff9b:1::808:808", "2002:7f00:1::1", "2002:a00:1::", "2001::1"),
    "2001:0:7f00:1::f7f7:f7f7",  # Teredo: the server is loopback, the client 8.8.8.8
    "2001:0:808:808::80ff:fffe",  # Teredo: the other way round
    "2a00:1450::5efe:7f00:1",  # ISATAP
    "2a00:1450::200:5efe:a00:1",
]
EVERYBODYS = [
    *("8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"),
    *("64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"),
]


@pytest.mark.parametrize("address", OWN)
def test_leads_into_a_private_network(address: str) -> None:
    assert not networks.is_public(ip_address(address))


@pytest.mark.parametrize("address", EVERYBODYS)
def test_belongs_to_everybody(address: str) -> None:
    assert networks.is_public(ip_address(address))
