"""Erased identifiers: what keeps the forgotten from being made again."""

from django.db import models

from backlog.db import fields


class ErasedIdentifier(models.Model):
    """A keyed hash of an address or number of somebody who was forgotten: they are not made again.

    It names nobody: without the installation's secret key it cannot even be guessed at.
    """

    digest = fields.CharField(max_length=64, unique=True)
    erased_at = fields.DateTimeField()

    def __str__(self) -> str:
        return self.digest
