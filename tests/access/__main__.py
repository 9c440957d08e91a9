"""Makes the tables of `docs/access.md` anew: `python -m tests.access`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.access import document  # noqa: E402 -- Django has to be there first

written = document.PLACE.read_text(encoding="utf-8")
document.PLACE.write_text(document.text(written), encoding="utf-8")
