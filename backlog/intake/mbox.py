"""Takes a mailbox file apart into its messages, one at a time, however long it is (RFC 4155)."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

LONGEST: Final = 20 * 2**20
"""Bytes of one message that are kept; what is longer is given as nothing."""
# “From ”, who sent it, and when. Some write no date; no sentence looks like either.
_SEPARATOR: Final = re.compile(
    rb"From \S+(?: +(?:remote from \S+ +)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[ ,].*\d\d:\d\d.*)?\s*"
)
_HEADER: Final = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")


def messages(file: BinaryIO) -> Iterator[bytes]:
    """Each message as it came; one that is too long is empty.

    A separator comes first in a mailbox, and then after an empty line and before a header. A file
    that does not begin with one is a single message, whatever its lines begin with.
    """
    lines, size, is_after_empty, is_mailbox = list[bytes](), 0, True, False
    for line, following in _with_next(file):
        is_possible = is_mailbox or not size
        if is_possible and is_after_empty and _separates(line, following):
            if size:
                yield _whole(lines, size)
            lines, size, is_mailbox = [], 0, True
        elif size or line.strip():
            size += len(line)
            if size <= LONGEST:
                lines.append(line)
        is_after_empty = not line.strip()
    if size:
        yield _whole(lines, size)


def _separates(line: bytes, following: bytes) -> bool:
    return (
        line.startswith(b"From ")
        and _SEPARATOR.fullmatch(line) is not None
        and _HEADER.match(following) is not None
    )


def _with_next(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    line = file.readline(LONGEST)
    while line:
        following = file.readline(LONGEST)
        yield line, following
        line = following


def _whole(lines: list[bytes], size: int) -> bytes:
    return b"".join(lines) if size <= LONGEST else b""
