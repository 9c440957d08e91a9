"""When customers say what they say, and when it comes to speak for a request."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from backlog.operations import evidence
from council.demo import dates, texts, triage
from council.demo.dates import FOUNDED
from council.demo.desk import Desk
from council.demo.speakers import Speakers
from council.demo.world import DemoRequest, Person, Voice, World

BEFORE_OPENING: Final = 3
_SOUGHT: Final = timedelta(days=25)


def plan(world: World) -> None:
    """Enter into the diary when each voice is heard, and when it is tied to its request."""
    speakers, desk = Speakers(world.people, world.rng), Desk(world)
    for demo_request in world.requests.values():
        demo_request.voices = list(_of_story(world, speakers, demo_request))
        for voice in demo_request.voices:
            take_in = partial(desk.receive, voice, demo_request.product.prefix)
            world.diary.on(voice.said_at, take_in)
            if voice.said_at > demo_request.opened_at:
                _plan_link(world, demo_request, voice)
    for prefix, written in texts.other().items():
        for number, voice in enumerate(_of_nobody_yet(world, speakers, prefix, written)):
            world.diary.on(voice.said_at, partial(desk.receive, voice, prefix))
            triage.plan(world, voice, prefix, number)


def _of_story(world: World, speakers: Speakers, demo_request: DemoRequest) -> Iterator[Voice]:
    """The first few are heard before somebody makes a request of them, the others after."""
    moments = _moments(world, demo_request)
    utterances = [
        texts.utterance(words, year=said_at.year)
        for said_at, words in zip(moments, demo_request.fixture["voices"], strict=True)
    ]
    named = {utterance.speaker for utterance in utterances}
    heard: list[Person] = []
    for number, (said_at, utterance) in enumerate(zip(moments, utterances, strict=True), 1):
        person = speakers.choose(utterance, demo_request.product.prefix, heard=heard, named=named)
        if person is not None:
            heard.append(person)
        mood = "bad" if number % 7 else ""
        yield Voice(utterance, person, said_at, mood=mood, stage=demo_request.fixture["stage"])


def _moments(world: World, demo_request: DemoRequest) -> list[datetime]:
    count, opened_at = len(demo_request.fixture["voices"]), demo_request.opened_at
    first = max(opened_at - _SOUGHT, world.calendar.on(FOUNDED + 1))
    last = opened_at - timedelta(hours=3)
    before = min(count, BEFORE_OPENING)
    spans = [(first, last)] * before + [(opened_at, demo_request.heard_until)] * (count - before)
    return sorted(dates.between(world.rng, *span) for span in spans)


def _of_nobody_yet(
    world: World, speakers: Speakers, prefix: str, written: Iterable[str]
) -> Iterator[Voice]:
    """What has become no request: praise, questions, noise."""
    for words in written:
        said_at = dates.between(world.rng, world.calendar.on(FOUNDED + 3), world.at)
        utterance = texts.utterance(words, year=said_at.year)
        mood = next(iter(utterance.tags & {"good", "bad"}), "")
        yield Voice(utterance, speakers.choose(utterance, prefix), said_at, mood=mood)


def _plan_link(world: World, demo_request: DemoRequest, voice: Voice) -> None:
    seen_at = voice.said_at + timedelta(hours=world.rng.randint(2, 40))
    linked_at = dates.at_work(min(seen_at, world.at), last=world.at)
    world.diary.on(linked_at, partial(link, world, demo_request, voice))


def link(world: World, demo_request: DemoRequest, voice: Voice, at: datetime) -> None:
    """The product manager marks the part of the words that speaks for the request."""
    assert voice.feedback is not None
    evidence.link_evidence(
        request_id=demo_request.request.pk,
        feedback_id=voice.feedback.pk,
        start=voice.utterance.start,
        end=voice.utterance.end,
        importance=world.rng.choice((1, 2, 2, 3)),
        by=world.owner_of(demo_request),
        at=at,
    )
