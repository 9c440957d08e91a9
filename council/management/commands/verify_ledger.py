"""Checks every council's chain of seals, and the chain of the whole ledger."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from council.models import Council, LedgerSeal
from council.queries import ledger_seals
from council.queries import seals as seal_queries
from council.rules import anchors
from council.rules.anchors import Anchor


class Command(BaseCommand):
    help = (
        "Check that no ballot, no decision, no minutes and no event of the ledger was changed, "
        "added or taken out since it was sealed. Names the first record of each chain that is "
        "not as it was, and then ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--against",
            metavar="FILE",
            action="append",
            default=[],
            help="A mail with minutes, or its text, that left some time ago: compare the ledger "
            "with what it was then. May be given several times.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = [each for name in options["against"] for each in self._read(Path(name))]
        councils = Council.objects.order_by("name")
        holds = [self._holds(council) for council in councils] + [self._ledger_holds(known)]
        broken = holds.count(False)
        if broken:
            raise CommandError(
                ngettext("%d chain is broken.", "%d chains are broken.", broken) % broken
            )

    def _holds(self, council: Council) -> bool:
        found = seal_queries.find_break(council)
        if found is not None:
            self.stdout.write(self.style.ERROR(f"{council}: {found}"))
            return False
        links = council.seals.count()
        unbroken = ngettext("%d link, unbroken.", "%d links, unbroken.", links) % links
        self.stdout.write(self.style.SUCCESS(f"{council}: {unbroken}"))
        return True

    def _ledger_holds(self, known: list[Anchor]) -> bool:
        found = ledger_seals.find_break(known)
        if found is not None:
            self.stdout.write(self.style.ERROR(f"{_('Ledger')}: {found}"))
            return False
        links = LedgerSeal.objects.count()
        unbroken = ngettext("%d link, unbroken.", "%d links, unbroken.", links) % links
        waiting = ledger_seals.unsealed()
        more = ngettext("%d event is not sealed yet.", "%d events are not sealed yet.", waiting)
        self.stdout.write(self.style.SUCCESS(f"{_('Ledger')}: {unbroken} {more % waiting}"))
        for each in known:
            self.stdout.write(
                _("It is what it was when link %(number)d was mailed.") % {"number": each.number}
            )
        return True

    def _read(self, path: Path) -> list[Anchor]:
        """The anchors in a mail, however it was encoded, or in a text."""
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}
            ) from error
        mail = message_from_bytes(raw, policy=policy.default)
        parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
        texts = [str(part.get_content()) for part in parts]
        found = anchors.read("\n".join([raw.decode(errors="replace"), *texts]))
        if not found:
            raise CommandError(
                _("%(file)s has no line that begins with %(name)s.")
                % {"file": path, "name": anchors.NAME}
            )
        return found
