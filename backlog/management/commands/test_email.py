"""Sends a test message and says how far it got."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from backlog.delivery import selftest
from backlog.rules import addresses


class Command(BaseCommand):
    help = "Send a test message, step by step. Names the step that fails, and then ends with 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="Where to send it; use your own.")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        to = addresses.normal(address)
        if to is None:
            raise CommandError(_("This is no e-mail address."))
        for result in selftest.send_test_message(to=to):
            if result.failure:
                raise CommandError(
                    _("%(step)s: this failed. %(failure)s")
                    % {"step": result.step.label, "failure": result.failure}
                )
            self.stdout.write(self.style.SUCCESS(f"✓ {result.step.label}"))
        self.stdout.write(_("The message has left."))
