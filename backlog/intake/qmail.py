"""Reads the delivery reports of qmail, which are plain text (cr.yp.to/proto/qsbmf.txt)."""

import re
from email import message_from_string
from email.message import Message
from typing import Final, NamedTuple

_BEGINS: Final = "Hi. This is the"
_BETWEEN: Final = re.compile(r"\n(?:[ \t]*\n)+")
_RECIPIENT: Final = re.compile(r"<([^<>\s]+)>:\n(.+)", re.DOTALL)
# What the other server answered, where qmail tells of one; around it are words of qmail's own.
_ANSWER: Final = re.compile(r"Remote host said: ((?:(?!Giving up on ).)*)", re.DOTALL)


class Bounce(NamedTuple):
    """As RFC 3464 would have it: the fields of the message, then of each recipient; and what came
    back, from its headers on."""

    groups: list[Message]
    original: str


def read(text: str) -> Bounce | None:
    """None for what is no such report."""
    paragraphs = _BETWEEN.split(text.replace("\r\n", "\n").lstrip("\n"))
    if not paragraphs[0].startswith(_BEGINS):
        return None
    broken_at = next((n for n, it in enumerate(paragraphs) if it.startswith("-")), None)
    if broken_at is None:
        return None
    told = filter(None, map(_RECIPIENT.fullmatch, paragraphs[1:broken_at]))
    groups = [_fields(*each.groups()) for each in told]
    original = "\n\n".join(paragraphs[broken_at + 1 :])
    return Bounce([Message(), *groups], original) if groups else None


def _fields(recipient: str, words: str) -> Message:
    answer = _ANSWER.search(words)
    said = " ".join((answer[1] if answer else words).split())
    return message_from_string(
        f"Final-Recipient: rfc822; {recipient}\nAction: failed\nDiagnostic-Code: {said}\n\n"
    )
