"""Takes in what is said, as the source that it comes through would hand it over."""

import itertools
import json
from datetime import datetime
from decimal import Decimal
from typing import Final

from backlog.auth import origins
from backlog.models import Customer, Feedback, Source, User
from backlog.operations import customers, feedback
from council.demo import mail
from council.demo.world import Person, Voice, World

_CHANNELS: Final = {
    "shopper": (("help-desk", "app-reviews", "nps", "web-form"), (35, 30, 20, 15)),
    "seller": (("help-desk", "nps", "interviews", "web-form"), (40, 25, 20, 15)),
}
# By source: what is asked beside the words, and from where to where people answer by their mood.
_RATINGS: Final = {
    "help-desk": ("csat", {"good": (4, 5), "bad": (1, 3), "": (3, 4)}),
    "app-reviews": ("stars", {"good": (4, 5), "bad": (1, 3), "": (3, 4)}),
    "nps": ("nps", {"good": (9, 10), "bad": (0, 6), "": (6, 8)}),
}
_PASSED_ON_BY: Final = {"ideas": ("help", "brand", "ux"), "interviews": ("sales", "chair")}
_RELATIONS: Final = {
    "former": Feedback.Relation.FORMER,
    "visitor": Feedback.Relation.NON_CUSTOMER,
    "other_use": Feedback.Relation.OTHER_USE,
}


class Desk:
    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = itertools.count(10_001)

    def receive(self, voice: Voice, prefix: str, at: datetime) -> None:
        key, words = self._channel(voice), voice.utterance
        source, colleague = self._world.sources[key], self._colleague(key)
        readings = self._readings(key, voice)
        if colleague is None:
            origins.is_by_token(self._world.intake)
        message = {"id": f"{key}-{next(self._numbers)}", "text": words.text, **readings}
        voice.feedback, _is_new = feedback.receive_feedback(
            source=source,
            incoming=feedback.FeedbackData(
                verbatim=words.text,
                customer=self._customer(voice.person, source, by=colleague, at=at),
                filed_by=colleague,
                external_id=str(message["id"]),
                language=words.language,
                product=self._world.products.get(prefix),
                relation=_relation(words.tags),
                journey_stage=voice.stage,
                readings={kind: Decimal(value) for kind, value in readings.items()},
                raw=json.dumps(message, ensure_ascii=False).encode(),
                content_type="application/json",
                payload=message,
            ),
            by=colleague,
            at=at,
        )
        if source.acknowledges:
            mail.send_soon(self._world, at)

    def _channel(self, voice: Voice) -> str:
        person, tags = voice.person, voice.utterance.tags
        if person is None:
            return "ideas" if "idea" in tags else "web-form"
        if person.speaks_as == "reviewer":
            return "app-reviews"
        if "interview" in tags or not person.email:
            return "interviews"
        keys, weights = _CHANNELS[person.speaks_as]
        return self._world.rng.choices(keys, weights)[0]

    def _colleague(self, key: str) -> User | None:
        if key not in _PASSED_ON_BY:
            return None
        return self._world.colleagues[self._world.rng.choice(_PASSED_ON_BY[key])]

    def _readings(self, key: str, voice: Voice) -> dict[str, int]:
        if key not in _RATINGS:
            return {}
        kind, answers = _RATINGS[key]
        return {kind: self._world.rng.randint(*answers[voice.mood])}

    def _customer(
        self, person: Person | None, source: Source, *, by: User | None, at: datetime
    ) -> Customer | None:
        """Known from their first words on; reviewers by their name at the source only."""
        if person is None:
            return None
        if person.customer is None:
            is_reviewer = person.speaks_as == "reviewer"
            person.customer = customers.add_customer(
                name=person.name,
                language=person.language,
                email=person.email,
                account=self._world.accounts.get(person.account),
                source=source if is_reviewer else None,
                external_id=person.name if is_reviewer else "",
                by=by,
                at=at,
            )
        return person.customer


def _relation(tags: frozenset[str]) -> str:
    known = tags & set(_RELATIONS)
    return _RELATIONS[min(known)] if known else Feedback.Relation.CUSTOMER
