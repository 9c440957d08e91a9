"""Texts that people wrote in more than one language: `{"ko": "영향 범위", "en": "Reach"}`."""

from collections.abc import Mapping

LANGUAGES = ("ko", "en")


def pick(texts: Mapping[str, str], language: str | None) -> str:
    """The text in this language, or else in the first other language that has one."""
    wanted = (language or "").split("-")[0]
    return texts.get(wanted) or next((texts[key] for key in LANGUAGES if texts.get(key)), "")


def is_text(texts: object) -> bool:
    """Whether this maps known languages to text, at least one of which says something."""
    return (
        isinstance(texts, dict)
        and set(texts) <= set(LANGUAGES)
        and all(isinstance(text, str) for text in texts.values())
        and any(text.strip() for text in texts.values())
    )
