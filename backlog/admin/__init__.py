"""The admin's pages of the backlog; importing them registers them."""

from backlog.admin import (
    customers,
    endpoints,
    evidence,
    feedback,
    ledger,
    messages,
    notices,
    outcomes,
    people,
    products,
    requests,
    scoring,
    sources,
    sprints,
)

__all__ = [
    "customers",
    "endpoints",
    "evidence",
    "feedback",
    "ledger",
    "messages",
    "notices",
    "outcomes",
    "people",
    "products",
    "requests",
    "scoring",
    "sources",
    "sprints",
]
