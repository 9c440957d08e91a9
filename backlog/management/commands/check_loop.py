"""Checks that every customer is in a state, and every state has its proof."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.queries import integrity_checks

NAMED = 20


class Command(BaseCommand):
    help = (
        "Check that nobody is forgotten or told twice, and that each state has its proof. "
        "Names what is wrong, and then ends with 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = sum(self._count(check) for check in integrity_checks.CHECKS)
        if faults:
            raise CommandError(ngettext("%d fault.", "%d faults.", faults) % faults)
        self.stdout.write(self.style.SUCCESS(_("Nobody is forgotten; each state has its proof.")))

    def _count(self, check: integrity_checks.Check) -> int:
        found = check.find()
        count = found.count()
        if count:
            named = ", ".join(
                str(pk) for pk in found.order_by("pk").values_list("pk", flat=True)[:NAMED]
            )
            noun = found.model._meta.verbose_name  # noqa: SLF001 -- Django's documented API
            more = " …" if count > NAMED else ""
            self.stdout.write(
                self.style.ERROR(f"{check.code}: {check.fault}: {noun} {named}{more}")
            )
        return count
