"""What the list of overrides says in words."""

from typing import Any

from django import template

from backlog.queries import overrides

register = template.Library()


@register.filter
def moved_so(event: Any) -> str:
    """How far from its neighbours it came to be by the move."""
    return overrides.distance_text(event)


@register.filter
def came_to(event: Any) -> str:
    """The last result since."""
    return overrides.result_text(event)
