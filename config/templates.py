"""Templates as they are sent: how they are laid out for those who write them stays behind.

Unfold indents by up to ninety spaces, which is half of the bytes of a page.
"""

import re
from typing import Any

from django.template import Origin
from django.template.loaders import app_directories, cached, filesystem

# Within these a space is part of what is said.
_AS_WRITTEN = re.compile(
    r"({%\s*blocktrans.*?endblocktrans\w*\s*%}|<pre\b.*?</pre>|<textarea\b.*?</textarea>)",
    re.DOTALL,
)
_INDENTATION = re.compile(r"\n\s+")


def unindented(template: str) -> str:
    """The template without indentation and empty lines."""
    parts = _AS_WRITTEN.split(template)
    parts[::2] = [_INDENTATION.sub("\n", part) for part in parts[::2]]
    return "".join(parts)


class _Unindented(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        is_page = str(origin.template_name).endswith(".html")
        return unindented(contents) if is_page else contents


class _FromApps(_Unindented, app_directories.Loader):
    pass


class Loader(cached.Loader):
    """First our own templates, then those of the apps; each is read once."""

    def __init__(self, engine: Any) -> None:
        super().__init__(engine, [])
        self.loaders = [_Unindented(engine), _FromApps(engine)]
