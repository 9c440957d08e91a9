"""Checks every council's chain of seals."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from council.models import Council
from council.queries import seals as seal_queries


class Command(BaseCommand):
    help = (
        "Check that no ballot and no decision was changed, added or taken out since it was sealed. "
        "Names the first broken link of each council's chain, and then ends with 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [
            council for council in Council.objects.order_by("name") if not self._holds(council)
        ]
        if broken:
            raise CommandError(
                ngettext("%d chain is broken.", "%d chains are broken.", len(broken)) % len(broken)
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
