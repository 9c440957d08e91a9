"""The admin's pages of the backlog; importing them registers them."""

from backlog.admin import (
    customers,
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
