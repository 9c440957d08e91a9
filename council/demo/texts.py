"""The words of the demonstration company, as its data files hold them."""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict, cast

DATA: Final = Path(__file__).resolve().parent / "data"
_MARKED: Final = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)


class OutcomeFixture(TypedDict):
    """What became of a commitment, and how those who were told answered."""

    result: str
    shipped_where: NotRequired[str]
    measured: NotRequired[dict[str, Any]]
    summary: dict[str, str]
    missing: NotRequired[dict[str, str]]
    answers: NotRequired[list[str]]
    is_announced: NotRequired[bool]


class CommitmentFixture(TypedDict):
    """A commitment: the sprint by its number, and how one would know that it worked."""

    sprint: int
    is_pilot: NotRequired[bool]
    efforts: NotRequired[dict[str, str]]
    hypothesis: str
    measure: str
    baseline: str
    target: str
    outcomes: NotRequired[list[OutcomeFixture]]


class ReviewFixture(TypedDict):
    """What somebody says, once its day has come, of the figure that was expected."""

    result: str
    actual: NotRequired[str]
    words: str


class AmendedFixture(TypedDict):
    """What its chair adds to a decision some days later."""

    what_changed: str
    conditions: str


EvidenceFixture = TypedDict("EvidenceFixture", {"from": str, "days": int})
_TakenWith = TypedDict("_TakenWith", {"with": NotRequired[str]})


class DecisionFixture(_TakenWith):
    """A decision: the meeting by its number, 0 for one taken between meetings.

    `sure` is how sure they were, in percent, that the figure of its first commitment is reached.
    `at_once` are the titles of what its ballot decided as well; each of those says `with` which.
    """

    meeting: int
    verdict: str
    rationale: str
    customer_words: NotRequired[dict[str, str]]
    options: NotRequired[list[str]]
    dissent: NotRequired[str]
    expected_effect: NotRequired[str]
    review_after_meeting: NotRequired[int]
    reason_code: NotRequired[str]
    at_once: NotRequired[list[str]]
    evidence: NotRequired[EvidenceFixture]
    sure: NotRequired[int]
    review: NotRequired[ReviewFixture]
    amendment: NotRequired[AmendedFixture]


class RequestFixture(TypedDict):
    """A request with all that comes of it. `state` is the status it has reached by now.

    `marks` are what an average department would give, criterion by criterion; `notes` what one
    writes beside its mark, as “criterion|note”; `agenda` the meetings that do not decide about it.
    """

    title: str
    state: str
    owner: str | None
    problem: str
    cause: NotRequired[str]
    picture: NotRequired[str]
    steps: NotRequired[dict[str, str]]
    stage: str
    voices: list[str]
    marks: NotRequired[list[int]]
    contested: NotRequired[bool]
    notes: NotRequired[dict[str, str]]
    agenda: NotRequired[list[int]]
    decision: NotRequired[DecisionFixture]
    commitments: NotRequired[list[CommitmentFixture]]


class ItemFixture(TypedDict):
    """What a member proposes for the agenda."""

    by: str
    title: str


class MeetingFixture(TypedDict):
    title: str
    minutes: int
    topics: list[str]
    proposals: NotRequired[list[ItemFixture]]


class ActionItemStep(TypedDict):
    """What is done about an action item, so many days after its meeting."""

    after: int
    by: NotRequired[str]
    evidence: NotRequired[str]
    link: NotRequired[str]
    reason: NotRequired[str]


class ActionItemFixture(TypedDict):
    """An action item: given in a meeting, or `after` so many days; due so many days after it."""

    title: str
    owner: str
    by: str
    meeting: int
    after: NotRequired[int]
    days: int
    about: str
    measure: NotRequired[str]
    helpers: NotRequired[list[str]]
    claim: NotRequired[ActionItemStep]
    verify: NotRequired[ActionItemStep]
    block: NotRequired[ActionItemStep]
    reopen: NotRequired[ActionItemStep]
    cancel: NotRequired[ActionItemStep]


class AmendmentFixture(TypedDict):
    """What somebody wants the note on a request to say; with an `answer`, it was accepted."""

    by: str
    about: str
    text: str
    answer: NotRequired[str]


class MinutesFixture(TypedDict):
    """Minutes of a meeting: notes by the request they are about, and how they were approved."""

    meeting: int
    proposed_after: int
    approved: str
    notes: dict[str, str]
    amendment: NotRequired[AmendmentFixture]
    shared: NotRequired[list[str]]


class Incident(TypedDict):
    """What happens to who said this voice of a request, or to the next who has an address."""

    what: str
    request: str
    voice: int
    day: NotRequired[int]
    reason: NotRequired[str]


class Move(TypedDict):
    request: str
    to: str
    reason: str


class MergeFixture(TypedDict):
    title: str
    problem: str
    into: str
    reason: str


class SaidInSession(TypedDict):
    by: str
    answer: str
    reason: NotRequired[str]


class ExpectedFixture(TypedDict):
    """What is expected as a figure, and how sure somebody is, in percent."""

    measure: str
    baseline: str
    target: str
    sure: int


class WorkedOutFixture(TypedDict):
    by: str
    part: str
    words: str
    department: NotRequired[str]


class WorkshopFixture(TypedDict):
    """What those who are there have worked out of one request together."""

    request: str
    parts: list[WorkedOutFixture]


class SessionFixture(TypedDict):
    """The meeting that is in session now: who is there, what they worked out, and the vote on its
    first item."""

    title: str
    minutes: int
    minutes_each: int
    requests: list[str]
    workshop: WorkshopFixture
    people: list[str]
    away: str
    proxy: str
    proposal: str
    expected: ExpectedFixture
    expected_effect: str
    answers: list[SaidInSession]


class CircleSeat(TypedDict):
    department: str
    holder: str
    alternate: NotRequired[str]


class CircleFixture(TypedDict):
    """A council without products that meets each month by a series."""

    name: str
    chair: str
    title: str
    minutes: int
    place: str
    sections: list[str]
    seats: list[CircleSeat]
    answers: dict[str, str]
    skipped: str


class BetweenFixture(TypedDict):
    """A vote by a deadline, and who has read the agenda of the next meeting."""

    request: str
    proposal: str
    expected_effect: str
    answers: list[SaidInSession]
    aside: dict[str, str]
    read: list[str]


class CouncilYear(TypedDict):
    name: str
    place: str
    meetings: list[MeetingFixture]
    session: SessionFixture
    circle: CircleFixture
    between: BetweenFixture
    sprints: dict[str, list[str]]
    capacity: dict[str, dict[str, str]]
    actions: list[ActionItemFixture]
    minutes: list[MinutesFixture]
    incidents: list[Incident]
    moves: list[Move]
    merges: list[MergeFixture]


@dataclass(frozen=True)
class Utterance:
    """What somebody says, which part of it speaks for the request, and who it can only be."""

    language: str
    tags: frozenset[str]
    speaker: str
    text: str
    start: int
    end: int


def utterance(written: str, *, year: int) -> Utterance:
    """Read “ko seller @Their_Name|words [[the part that matters]] words”.

    Without a mark all of it matters, without a name anybody may say it.
    """
    head, words = written.split("|", 1)
    language, *tags = head.split()
    speaker = next((tag[1:].replace("_", " ") for tag in tags if tag.startswith("@")), "")
    words = words.replace("{year}", str(year))
    marked = _MARKED.search(words)
    text = _MARKED.sub(r"\1", words)
    start = marked.start() if marked else 0
    end = start + len(marked[1]) if marked else len(text)
    return Utterance(language, frozenset(tags), speaker, text, start, end)


def requests(prefix: str) -> list[RequestFixture]:
    """The requests of the product with this prefix."""
    return cast(list[RequestFixture], _read(f"{prefix.lower()}.json"))


def other() -> dict[str, list[str]]:
    """What is said besides, by the prefix of the product it is about."""
    return cast(dict[str, list[str]], _read("other.json"))


def council() -> CouncilYear:
    return cast(CouncilYear, _read("council.json"))


def company() -> dict[str, Any]:
    return cast(dict[str, Any], _read("company.json"))


def customers() -> list[dict[str, str]]:
    with (DATA / "customers.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _read(name: str) -> object:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
