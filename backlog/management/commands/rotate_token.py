"""Replace an API token; the old one works on for a while, so that nothing stops meanwhile."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backlog import errors
from backlog.models import ApiToken
from backlog.operations import api_tokens


class Command(BaseCommand):
    help = "Make the successor of an API token; only its secret goes to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("token", help="how it begins, as list_tokens shows it")
        parser.add_argument(
            "--days", type=int, default=365, help="how long the new one lasts (365)"
        )
        parser.add_argument(
            "--overlap-hours", type=int, default=24, help="how long the old one works on (24)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        old = ApiToken.objects.filter(token_key=options["token"]).first()
        if old is None:
            raise CommandError(f"There is no token {options['token']}.")
        if not 1 <= options["days"] <= api_tokens.LONGEST_DAYS:
            raise CommandError(f"--days goes from 1 to {api_tokens.LONGEST_DAYS}.")
        if not 0 <= options["overlap_hours"] <= 24 * api_tokens.LONGEST_DAYS:
            raise CommandError("--overlap-hours is zero or more.")
        try:
            token, secret = api_tokens.rotate_token(
                token_pk=old.pk,
                overlap=timedelta(hours=options["overlap_hours"]),
                lasts=timedelta(days=options["days"]),
                by=None,
                at=timezone.now(),
            )
        except errors.TokenOver as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stderr.write(
            f"For {token.user.email}, until {token.expiry:%Y-%m-%d}, shown this once:"
        )
        self.stdout.write(secret)
