"""A board in the order of its priorities, with some of it left where it is."""

from collections.abc import Collection, Sequence


def by_priority(priorities: Sequence[float | None], movable: Collection[int]) -> list[int]:
    """Who stands at each place afterwards, by the place where they stood before.

    Those that can be moved share the places they had among themselves, the highest first; equals
    keep their order. Whoever has no priority stays.
    """
    chosen = set(movable)
    slots = [at for at, priority in enumerate(priorities) if at in chosen and priority is not None]
    best = sorted(slots, key=lambda at: -(priorities[at] or 0))
    order = list(range(len(priorities)))
    for slot, at in zip(slots, best, strict=True):
        order[slot] = at
    return order
