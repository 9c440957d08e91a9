"""What is said in other words: what went, what came, and what stayed."""

import difflib
import re


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """Word by word what went (`gone`), what came (`new`) and what stayed (`kept`), in order.

    The parts that stayed and came are `after`, those that stayed and went `before`. In long texts
    words that stand everywhere begin no match: to try them all takes seconds.
    """
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    found = []
    for _tag, a, b, c, d in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if old[a:b] == new[c:d]:
            found.append(("kept", "".join(old[a:b])))
            continue
        found += [(kind, "".join(part)) for kind, part in (("gone", old[a:b]), ("new", new[c:d]))]
    return [(kind, words) for kind, words in found if words]
