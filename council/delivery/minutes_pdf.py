"""Minutes as PDF, where the extra `pdf` and Pango are on this machine."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NoReturn

from django.template.loader import render_to_string

PAPER: Final = "council/minutes_paper.html"
STYLES: Final = "council/minutes_paper.css"


@cache
def is_there() -> bool:
    """Whether this machine can make one; found out once a process."""
    try:
        import weasyprint  # noqa: F401, PLC0415 -- half a second, and only where one is asked for
    except (ImportError, OSError):  # Without the package; without Pango's library.
        return False
    return True


def pdf(words: Mapping[str, Any]) -> bytes:
    """The same paper as the page prints, in the language that is active. Asks no other machine.

    `words` are what the page gives its record: `edition`, and `line`, which says how it stands.
    """
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- as above

    fetcher = _fetcher()
    styles = CSS(string=render_to_string(STYLES), url_fetcher=fetcher)
    paper = HTML(string=render_to_string(PAPER, dict(words)), url_fetcher=fetcher)
    made: Any = paper.write_pdf(stylesheets=[styles])
    return bytes(made)


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- as above

    class Nothing(URLFetcher):
        """Fetches neither from outside nor from this machine's files."""

        def fetch(self, url: str, headers: Any = None) -> NoReturn:  # noqa: ARG002 -- its signature
            raise refused(url)

    return Nothing()


def refused(url: str) -> ValueError:
    """What WeasyPrint leaves out, and goes on."""
    return ValueError(f"Nothing is fetched for a PDF: {url}")
