"""Show the API tokens there are, and when each was last used."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from backlog.models import ApiToken


class Command(BaseCommand):
    help = "List API tokens, tab-separated: how it begins, owner, name, scopes, last used, state."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        for token in ApiToken.objects.select_related("user").order_by("created", "pk"):
            used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never"
            state = "over" if token.is_over(at=at) else "works"
            scopes = " ".join(token.scopes)
            self.stdout.write(
                "\t".join([token.token_key, token.user.email, token.name, scopes, used, state])
            )
