"""What a seal says of a decision or ballot, and where a council's chain is broken."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backlog.models import Event, Feedback
from council.models import (
    Ballot,
    Council,
    Decision,
    Minutes,
    Prediction,
    Recusal,
    Seal,
    Stance,
)
from council.queries import ballots
from council.queries import minutes as minutes_queries
from council.rules import seals as rules

DECISION = "decision"
BALLOT = "ballot"
MINUTES = "minutes"
RECORDED = {DECISION: "decision.recorded", BALLOT: "ballot.closed", MINUTES: "minutes.approved"}
"""By what is sealed the event that says so."""
THROUGH = ("way", "token", "process")


class Damage(models.TextChoices):
    """How a link can be broken, as a sentence about link number `%(number)d`."""

    MISSING = "missing", _("Link %(number)d is missing.")
    UNCHAINED = "unchained", _("Link %(number)d does not follow the one before it.")
    REWRITTEN = "rewritten", _("What link %(number)d sealed was changed in the chain.")
    SUBJECT_CHANGED = "subject_changed", _("The decision of link %(number)d was changed.")
    BALLOT_CHANGED = (
        "ballot_changed",
        _("The ballot of link %(number)d was changed, or an answer to it."),
    )
    MINUTES_CHANGED = (
        "minutes_changed",
        _("The approved minutes of link %(number)d were changed."),
    )
    PREDICTION_CHANGED = (
        "prediction_changed",
        _("What the decision of link %(number)d was expected to bring about was changed."),
    )
    WORDS_CHANGED = "words_changed", _("Words that link %(number)d rests on were changed.")
    UNSEALED = "unsealed", _("After link %(number)d something was put in without a seal.")


@dataclass(frozen=True, slots=True)
class Break:
    """The first broken link of a chain, and the row that was changed, as far as that is known."""

    number: int
    damage: Damage
    record: str = ""

    def __str__(self) -> str:
        told = str(self.damage.label) % {"number": self.number}
        return f"{told} ({self.record})" if self.record else told


def content_of(decision: Decision, through: Mapping[str, str] | None) -> dict[str, Any]:
    """What a seal says of a decision: all that must not change, words and figures as digests.

    `through` what it was recorded stands on its event (`through_of`).
    """
    return {
        "decision": decision.pk,
        "council": decision.council_id,
        "request": decision.request_id,
        "agenda_item": decision.agenda_item_id,
        "verdict": str(decision.verdict),
        "reason_code": str(decision.reason_code),
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
        "evidence_from": decision.evidence_from_id,
        "evidence_due_on": decision.evidence_due_on.isoformat()
        if decision.evidence_due_on
        else None,
        "seat": decision.seat_id,
        "decided_by": decision.decided_by_id,
        "through": through,
        "decided_at": decision.decided_at.astimezone(UTC).isoformat(),
        "supersedes": decision.supersedes_id,
        "act": str(decision.act),
        "taken_with": decision.taken_with_id,
        "ballot": decision.ballot_id,
        "words": rules.digest_of(
            [
                decision.salt,
                *(decision.rationale, decision.options, decision.conditions),
                *(decision.dissent, decision.expected_effect, decision.what_changed),
            ]
        ),
        "frozen": rules.digest_of(decision.frozen),
        "predictions": [_prediction_content(each) for each in decision.predictions.order_by("pk")],
    }


def _prediction_content(prediction: Prediction) -> dict[str, Any]:
    return {
        "prediction": prediction.pk,
        **prediction.expected.figures(),
        "predicted_by": prediction.predicted_by_id,
        "measure": rules.digest_of([prediction.salt, prediction.measure]),
    }


def through_of(subject: Decision | Ballot | Minutes) -> dict[str, str] | None:
    """Way, key and process, as the ledger has them."""
    noun = type(subject).__name__.lower()
    recorded = Event.objects.filter(subject_type=noun, subject_id=subject.pk, kind=RECORDED[noun])
    found: dict[str, str] | None = recorded.values(*THROUGH).order_by("pk").first()
    return found


def seal_of(decision: Decision) -> Seal | None:
    """The link of the chain that holds it."""
    seals = Seal.objects.filter(subject_type=DECISION, subject_id=decision.pk)
    return seals.only("number", "sealed_at").first()


def find_break(council: Council) -> Break | None:
    """The first broken link of the council's chain, or None. Reads only."""
    on_record = _links_on_record(council)
    previous, number = "", 0
    for number, seal in enumerate(_in_order(council), start=1):
        damage = _damage_of(seal, number, previous)
        if damage is not None:
            return Break(number, damage, _record_of(seal, damage))
        previous = seal.digest
    if number < on_record:
        return Break(number + 1, Damage.MISSING)
    if _has_unsealed(council):
        return Break(number, Damage.UNSEALED)
    return None


def _has_unsealed(council: Council) -> bool:
    def sealed(noun: str) -> "QuerySet[Seal, int]":
        return council.seals.filter(subject_type=noun).values_list("subject_id", flat=True)

    ballots = Ballot.objects.filter(agenda_item__meeting__council=council, status="closed")
    decisions = council.decisions.exclude(pk__in=sealed(DECISION))
    minutes = council.minutes.filter(status__in=Minutes.FINAL).exclude(pk__in=sealed(MINUTES))
    unsealed = ballots.exclude(pk__in=sealed(BALLOT))
    return decisions.exists() or unsealed.exists() or minutes.exists()


def _links_on_record(council: Council) -> int:
    """How long the chain was, as the ledger has it: one that is cut at its end holds by itself."""
    recorded = Event.objects.filter(kind__in=RECORDED.values(), data__council=council.pk)
    last = recorded.order_by("-pk").first()
    return int(last.data["seal"]) if last else 0


def _in_order(council: Council) -> Iterator[Seal]:
    return council.seals.order_by("number").iterator(chunk_size=500)


def _damage_of(seal: Seal, number: int, previous: str) -> Damage | None:
    if seal.number != number:
        return Damage.MISSING
    if seal.previous != previous:
        return Damage.UNCHAINED
    if seal.digest != rules.link(previous, seal.content):
        return Damage.REWRITTEN
    match seal.subject_type:
        case "ballot":
            return _damage_of_ballot(seal)
        case "minutes":
            return _damage_of_minutes(seal)
    return _damage_of_decision(seal)


def _damage_of_minutes(seal: Seal) -> Damage | None:
    minutes = Minutes.objects.filter(pk=seal.subject_id).first()
    if minutes is None or not minutes.is_final:
        return Damage.MINUTES_CHANGED
    content = minutes_queries.sealed_content(minutes, through_of(minutes))
    if _is_redacted(minutes):
        content["words"] = seal.content["words"]
    return None if content == seal.content else Damage.MINUTES_CHANGED


def _record_of(seal: Seal, damage: Damage) -> str:
    """By its number the decision or ballot; where only a part of it was changed, that part."""
    if damage == Damage.PREDICTION_CHANGED:
        decision = Decision.objects.get(pk=seal.subject_id)
        now = _content_now(decision, seal)["predictions"]
        changed = _first_changed(seal.content["predictions"], now, by="prediction")
        return _named(Prediction, changed)
    if damage == Damage.BALLOT_CHANGED:
        return _part_of_ballot(seal) or _named(Ballot, seal.subject_id)
    if damage == Damage.MINUTES_CHANGED:
        return _named(Minutes, seal.subject_id)
    if damage in (Damage.SUBJECT_CHANGED, Damage.WORDS_CHANGED):
        return _named(Decision, seal.subject_id)
    return ""


def _part_of_ballot(seal: Seal) -> str:
    """The answer, or the stepping aside, that was changed; empty where it is the ballot itself."""
    ballot = Ballot.objects.filter(pk=seal.subject_id).first()
    if ballot is None:
        return ""
    now = _ballot_content_now(ballot, seal)
    changed = _first_changed(seal.content["stances"], now["stances"], by="seat")
    stance = Stance.objects.filter(ballot=ballot, seat=changed).first()
    if stance is not None:
        return _named(Stance, stance.pk)
    recusal = _first_changed(seal.content["aside"], now["aside"], by="recusal")
    return _named(Recusal, recusal) if recusal else ""


def _first_changed(
    sealed: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]], *, by: str
) -> int | None:
    before, after = ({each[by]: each for each in rows} for rows in (sealed, now))
    changed = (pk for pk in before | after if before.get(pk) != after.get(pk))
    return next(changed, None)


def _named(model: type[models.Model], pk: int | None) -> str:
    return f"{model._meta.verbose_name} {pk}"  # noqa: SLF001 -- Django's documented API


def _damage_of_ballot(seal: Seal) -> Damage | None:
    ballot = Ballot.objects.filter(pk=seal.subject_id).first()
    is_whole = ballot is not None and _is_ballot_as_sealed(ballot, seal)
    return None if is_whole else Damage.BALLOT_CHANGED


def _damage_of_decision(seal: Seal) -> Damage | None:
    decision = Decision.objects.filter(pk=seal.subject_id).first()
    if seal.subject_type != DECISION or decision is None:
        return Damage.SUBJECT_CHANGED
    content = _content_now(decision, seal)
    if content != seal.content:
        is_as_expected = content["predictions"] == seal.content["predictions"]
        return Damage.SUBJECT_CHANGED if is_as_expected else Damage.PREDICTION_CHANGED
    if not _words_stand(decision):
        return Damage.WORDS_CHANGED
    return None


def _content_now(decision: Decision, seal: Seal) -> dict[str, Any]:
    """Where somebody named in its words was forgotten, on record, they stand by their digest."""
    content = content_of(decision, through_of(decision))
    if _is_redacted(decision):
        content["words"] = seal.content["words"]
    sealed = {it["prediction"]: it for it in seal.content["predictions"]}
    now = {it["prediction"]: it for it in content["predictions"]}
    for prediction in decision.predictions.filter(salt=""):
        if _is_redacted(prediction) and prediction.pk in sealed:
            now[prediction.pk]["measure"] = sealed[prediction.pk]["measure"]
    return content


def _is_ballot_as_sealed(ballot: Ballot, seal: Seal) -> bool:
    return bool(_ballot_content_now(ballot, seal) == seal.content)


def _ballot_content_now(ballot: Ballot, seal: Seal) -> dict[str, Any]:
    """The same, for its proposal and for the reason of each answer."""
    content = ballots.content_of(ballot, through_of(ballot))
    if _is_redacted(ballot):
        content["words"] = seal.content["words"]
    sealed = {stance["seat"]: stance for stance in seal.content["stances"]}
    now = {stance["seat"]: stance for stance in content["stances"]}
    for stance in ballot.stances.filter(salt=""):
        if _is_redacted(stance) and stance.seat_id in sealed:
            now[stance.seat_id]["reason"] = sealed[stance.seat_id]["reason"]
    aside = {each["recusal"]: each for each in seal.content["aside"]}
    for said in content["aside"]:
        recusal = ballots.aside_from(ballot).filter(pk=said["recusal"], salt="").first()
        if recusal and _is_redacted(recusal) and recusal.pk in aside:
            said["reason"] = aside[recusal.pk]["reason"]
    return content


def _is_redacted(row: Decision | Ballot | Minutes | Prediction | Recusal | Stance) -> bool:
    """Whether somebody named in its words was forgotten, on record."""
    redacted = Event.objects.filter(
        subject_type=type(row).__name__.lower(), subject_id=row.pk, kind="text.redacted"
    )
    return row.salt == "" and redacted.exists()


def _words_stand(decision: Decision) -> bool:
    """Whether all that customers said reads as it did; what was erased stands by its digest."""
    evidence = [item for item in decision.frozen["evidence"] if item["digest"] is not None]
    words = Feedback.objects.only("verbatim", "salt", "erased_at").in_bulk(
        [item["feedback"] for item in evidence]
    )
    for item in evidence:
        feedback = words.get(item["feedback"])
        if feedback is None:
            return False
        excerpt = feedback.verbatim[item["start"] : item["end"]]
        digest = rules.digest_of_words(feedback.salt, excerpt)
        if feedback.erased_at is None and digest != item["digest"]:
            return False
    return True
