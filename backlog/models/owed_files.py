"""Files that must go: written down with the erasure, deleted once it stands."""

from django.db import models

from backlog.db import fields


class OwedFile(models.Model):
    """A file of a person who was erased, to be deleted; the row goes with it."""

    path = fields.TextField(max_length=1_000)
    owed_since = fields.DateTimeField()

    def __str__(self) -> str:
        return self.path
