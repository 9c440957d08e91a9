"""Make an API token for a colleague or an integration."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backlog.models import User
from backlog.operations import api_tokens
from backlog.rules import addresses


class Command(BaseCommand):
    help = "Make an API token that acts as a colleague; only its secret goes to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose token it is")
        parser.add_argument("--name", required=True, help="what it is for")
        parser.add_argument(
            "--scope",
            required=True,
            nargs="+",
            action="extend",  # So that it may as well be given once for each.
            choices=api_tokens.SCOPES,
            metavar="SCOPE",
        )
        parser.add_argument("--days", type=int, default=365, help="how long it lasts (365)")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(
            email=addresses.comparable(options["email"]), is_active=True
        ).first()
        if owner is None:
            raise CommandError(f"There is no colleague {options['email']}.")
        if not 1 <= options["days"] <= api_tokens.LONGEST_DAYS:
            raise CommandError(f"--days goes from 1 to {api_tokens.LONGEST_DAYS}.")
        token, secret = api_tokens.issue_token(
            owner=owner,
            name=options["name"],
            scopes=options["scope"],
            lasts=timedelta(days=options["days"]),
            by=None,
            at=timezone.now(),
        )
        self.stderr.write(f"For {owner.email}, until {token.expiry:%Y-%m-%d}, shown this once:")
        self.stdout.write(secret)
