"""Sends the link by which a colleague sets a password, if there is such a colleague."""

from backlog.delivery import password_links
from backlog.models import User
from backlog.rules import addresses, roles


def send_forgotten(email: str) -> None:
    """To who has an account at this address; nobody else hears of it, nor that there is none."""
    user = User.objects.filter(email=addresses.comparable(email), is_active=True).first()
    if user is not None and not roles.is_of_a_tool(user.roles):
        password_links.send_link(user, is_invitation=False)


def send_invitation(user_id: int) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        password_links.send_link(user, is_invitation=True)
