"""Which addresses of the network belong to everybody, and which lead into somebody's own."""

import ipaddress
from collections.abc import Iterator
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What IANA has set apart, and older Pythons count as public.
_SPECIAL: Final = tuple(
    map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"))
)
# Addresses that have been given out; all others of IPv6 are for something else.
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_SPECIAL_6: Final = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP: Final = (0x00005EFE, 0x02005EFE)


def is_public(address: Address) -> bool:
    """Whether it can be reached by everybody. Where an IPv4 address is inside, that is judged too.

    Translators and tunnels (NAT64, 6to4, Teredo, ISATAP) send on to the address inside.
    """
    if isinstance(address, ipaddress.IPv4Address):
        is_special = address.is_multicast or any(address in network for network in _SPECIAL)
        return address.is_global and not is_special
    inside = list(_inside(address))
    if not all(map(is_public, inside)):
        return False
    if address.ipv4_mapped or address in _NAT64:
        return True
    is_special = any(address in network for network in _SPECIAL_6)
    return address in _UNICAST and address.is_global and not is_special


def _inside(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64 or (int(address) >> 32) % 2**32 in _ISATAP:
        yield last
