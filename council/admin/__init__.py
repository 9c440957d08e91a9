"""The admin's pages of the council; importing them registers them."""

from council.admin import actions, councils, decisions, meetings

__all__ = ["actions", "councils", "decisions", "meetings"]
