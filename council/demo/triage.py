"""What the product managers did in their inbox with words that became no request."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from backlog.models import Feedback, User
from backlog.operations import feedback_triage, suggestions
from backlog.queries import similar
from council.demo import dates
from council.demo.world import Voice, World

_READ_AFTER: Final = timedelta(days=6)
"""What was said since then waits to be read by whoever looks at the demonstration."""
_SHORT: Final = 4
_AGENT: Final = "inbox-agent", "2026-10"
"""An agent of the company that reads the inbox, too, and proposes."""
_PROPOSED: Final = 6
_SNOOZED: Final = timedelta(days=9)


def plan(world: World, voice: Voice, prefix: str, number: int) -> None:
    """Enter into the diary what becomes of the words; of many nothing yet."""
    act = _act(world, voice, prefix, number)
    if act is None:
        return
    read_at = voice.said_at + timedelta(hours=2 + number % 40)
    world.diary.on(dates.at_work(min(read_at, world.at), last=world.at), act)


def _act(
    world: World, voice: Voice, prefix: str, number: int
) -> Callable[[datetime], object] | None:
    if number % 11 == 1:
        return partial(_snooze, world, voice, prefix)
    if number % 11 == 2:
        return partial(_give, world, voice, prefix)
    if voice.said_at > world.at - _READ_AFTER:
        return None
    done_as = _done_as(voice, number)
    return partial(_put_away, world, voice, prefix, done_as) if done_as else None


def _done_as(voice: Voice, number: int) -> str:
    text, tags = voice.utterance.text, voice.utterance.tags
    if len(text) <= _SHORT and "good" not in tags:
        return Feedback.Done.SPAM
    if "nobody" in tags:
        return Feedback.Done.NOT_OURS
    if "good" in tags:
        return Feedback.Done.PRAISE if number % 4 else ""
    return Feedback.Done.QUESTION if text.endswith("?") and number % 2 else ""


def suggest(world: World) -> None:
    """What the agent proposed of the newest words that wait: most of it waits to be decided."""
    at, agent = world.at, world.colleagues["integration"]
    waiting = Feedback.objects.waiting(at).with_words().filter(product__isnull=False)
    for words in waiting.filter(given_to=None).order_by("-received_at", "-pk")[:_PROPOSED]:
        assert words.product is not None
        reader = world.manager_of(words.product)
        likely = similar.requests_like(words.verbatim, viewer=reader)
        if not likely:
            continue
        best = likely[0]
        suggestions.propose(
            pair=suggestions.Pair(suggestions.Kind.LINK, words.pk, best.request.pk),
            source=suggestions.Source(
                "agent", *_AGENT, reason=_why(words.language), score=min(0.95, best.score)
            ),
            by=agent,
            at=at,
        )


def _why(language: str) -> str:
    if language == "ko":
        return "같은 불편을 말하고 있습니다."
    return "They speak of the same trouble."


def _reader(world: World, prefix: str) -> User:
    product = world.products.get(prefix)
    return world.manager_of(product) if product else world.colleagues["pm"]


def _put_away(world: World, voice: Voice, prefix: str, done_as: str, at: datetime) -> None:
    assert voice.feedback is not None
    feedback_triage.put_away(
        feedback_id=voice.feedback.pk, done_as=done_as, by=_reader(world, prefix), at=at
    )


def _snooze(world: World, voice: Voice, prefix: str, at: datetime) -> None:
    assert voice.feedback is not None
    until = world.at + _SNOOZED
    feedback_triage.snooze(
        feedback_id=voice.feedback.pk, until=until, by=_reader(world, prefix), at=at
    )


def _give(world: World, voice: Voice, prefix: str, at: datetime) -> None:
    """To whoever looks after the other product."""
    assert voice.feedback is not None
    by = _reader(world, prefix)
    to = next(world.colleagues[key] for key in ("pm", "pm2") if world.colleagues[key] != by)
    feedback_triage.give(feedback_id=voice.feedback.pk, to=to, by=by, at=at)
