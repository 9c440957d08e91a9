"""What colleagues keep of their boards: a view that is shared, and one that is shown first."""

from datetime import datetime
from functools import partial
from typing import Final

from backlog.operations import views
from council.demo.world import World

_KEPT: Final = (
    (
        "PAY",
        "협의회 전에 볼 요청",
        {"columns": ["priority", "contested", "customers", "owner"], "status": ["under_review"]},
        False,
    ),
    (
        "SHOP",
        "담당자와 재검토일",
        {"columns": ["priority", "customers", "owner", "review_on", "since"]},
        True,
    ),
)
"""Of which product, its name, what is asked for, and whether the board shows it first."""


def plan(world: World) -> None:
    """The day before, each product manager keeps what everybody is to look at."""
    world.diary.on(world.calendar.ago(1, 15), partial(_keep, world))


def _keep(world: World, at: datetime) -> None:
    for prefix, name, wanted, is_default in _KEPT:
        product = world.products[prefix]
        views.save_view(
            listing=views.BOARD,
            product=product,
            name=name,
            wanted=wanted,
            is_shared=True,
            is_default=is_default,
            by=world.manager_of(product),
            at=at,
        )
