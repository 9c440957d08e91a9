"""Stop an API token at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backlog.models import ApiToken
from backlog.operations import api_tokens


class Command(BaseCommand):
    help = "Revoke an API token: it stops working at once, and stays on record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("token", help="how it begins, as list_tokens shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        token = ApiToken.objects.filter(token_key=options["token"]).first()
        if token is None:
            raise CommandError(f"There is no token {options['token']}.")
        api_tokens.revoke_token(token_pk=token.pk, by=None, at=timezone.now())
