"""Rows around the header of files that tools export, which are no answers of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_QUALTRICS: Final = '{"ImportId":'
_SURVEY_MONKEY: Final = frozenset({"respondent id", "respondent_id", "응답자 id"})
_KINDS_OF_ANSWER: Final = frozenset(
    ("response", "open-ended response", "응답", "개방형 응답", "주관식 응답")
)


@dataclass(frozen=True, slots=True)
class Layout:
    """`above` rows come before the header, `below` rows after it are no answers either.

    `tool` names whose files look so, where we know it.
    """

    above: int = 0
    below: int = 0
    tool: str = ""


def recognise(records: Sequence[Sequence[str]]) -> Layout:
    """The layout of a file that begins with these records, the first of them its header."""
    header, second, third = [*records[:3], [], [], []][:3]
    if third and all(cell.startswith(_QUALTRICS) for cell in third if cell) and any(third):
        return Layout(below=2, tool="Qualtrics")
    said = [cell for cell in second if cell]
    is_kinds = any(cell.strip().casefold() in _KINDS_OF_ANSWER for cell in said)
    if header and header[0].strip().casefold() in _SURVEY_MONKEY and not second[0] and is_kinds:
        return Layout(below=1, tool="SurveyMonkey")
    return Layout()
