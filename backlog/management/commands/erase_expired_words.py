"""Erases words that their source has kept for long enough."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from backlog.operations import retention
from backlog.queries import retention as retention_queries


class Command(BaseCommand):
    help = "Erase words that their source has kept for long enough. Beat does it every night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="erase nothing, only say it")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        for each in retention_queries.due(at=at):
            self.stdout.write(f"{each.count:>8} {each.source.key} < {each.before:%Y-%m-%d}")
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was erased."))
            return
        erased = sum(retention.sweep(by=None, at=at))
        self.stdout.write(self.style.SUCCESS(_("%(n)d erased.") % {"n": erased}))
