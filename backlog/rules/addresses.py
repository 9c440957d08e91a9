"""E-mail addresses, as far as they may be shown."""


def masked(address: str) -> str:
    """Enough of an address for its owner to know it."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}"
