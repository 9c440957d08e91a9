"""For which department a person speaks."""

from backlog.models import Department, Membership, User


def department_of(user: User) -> Department | None:
    """The department a person speaks for today."""
    current = Membership.objects.current().filter(user=user).select_related("department").first()
    return current.department if current else None
