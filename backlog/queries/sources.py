"""What a source says of the words that come through it."""

from django.conf import settings

from backlog.models import Source
from backlog.rules import languages


def language_of(source: Source, words: str) -> str:
    """In which language words are that came through it without saying so.

    The source's, if it has one; else what the words look like; else the installation's.
    """
    return source.language or languages.language_of(words) or settings.LANGUAGE_CODE
