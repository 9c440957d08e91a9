"""What people edit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backlog.db import fields


class Edited(models.Model):
    """A row that people edit: `version` grows with each edit, and an edit says which it is of."""

    version = fields.PositiveIntegerField(_("version"), default=1, db_default=1, editable=False)

    class Meta:
        abstract = True
