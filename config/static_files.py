"""Static files under addresses that name their content, so that browsers keep them for good."""

from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Until `collectstatic` has run, files have the addresses that they are kept under.

    So a fresh checkout shows its pages; once collected, a file that was not is an error.
    """

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name

    def is_current(self) -> bool:
        """Whether nothing has changed since it was collected."""
        collected = Path(self.path(self.manifest_name))
        if not collected.is_file():
            return False
        files = (kept.path(name) for each in get_finders() for name, kept in each.list([]))
        return max(Path(file).stat().st_mtime for file in files) < collected.stat().st_mtime
