"""What the rules of the backlog may answer instead of doing what was asked."""

from typing import Any, Final, Self

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise


class Refusal(Exception):  # noqa: N818 -- a domain word, not a crash
    """The request is well formed, but the rules of the domain say no.

    Callers show the message to a person and use `code` to branch; `details` are extra facts (ids
    and codes). Anything else that is raised is a bug and must reach the error tracker.
    """

    code = "refused"

    def __init__(self, message: StrOrPromise, **details: Any) -> None:
        super().__init__(message)
        self.details = details


# Values and rows of any noun, and writes that are done once


class Invalid(Refusal):
    """A value that no later state could make acceptable; `field` names it."""

    code = "invalid"

    def __init__(self, message: StrOrPromise, *, field: str, code: str = "invalid") -> None:
        super().__init__(message, field=field)
        self.field = field
        self.code = code


class UnstorableText(Invalid):
    """NUL characters and lone surrogates cannot be stored by PostgreSQL."""

    def __init__(self, *, field: str) -> None:
        super().__init__(
            _("The text has a character that cannot be stored (a NUL or half a surrogate pair)."),
            field=field,
            code="unstorable_text",
        )


class VersionConflict(Refusal):
    """Somebody edited the row since it was read; `details` hold the version it has now."""

    code = "version_conflict"


class ReasonRequired(Refusal):
    """What this overrides, waives, calls off or erases is on record only with a reason."""

    code = "reason_required"


class IllegalTransition(Refusal):
    """The status the request has does not lead to the one asked for."""

    code = "illegal_transition"


class PersonRequired(Refusal):
    """Whoever made the token could do it in another's name: it takes the person, or their own."""

    code = "person_required"


class KeyReused(Invalid):
    """The key named another write before: another body."""

    def __init__(self) -> None:
        super().__init__(
            _("This Idempotency-Key was used with another body. Use a new key for a new write."),
            field="Idempotency-Key",
            code="idempotency_key_reused",
        )


class StillWorking(Refusal):
    """The first of these calls has not finished; `details` say in how many seconds to ask again."""

    code = "idempotency_key_in_use"


class SentAlready(Refusal):
    """This form was sent before, and what it asks for is done."""

    code = "sent_already"


class LeaseLost(Refusal):
    """This call took so long that another one has taken its place; nothing of it was kept."""

    code = "idempotency_lease_lost"


# Files, sources, feedback, customers, evidence, products, requests, sprints and outcomes


class TableError(Refusal):
    """The file cannot be read as a table at all; `code` says why."""

    def __init__(self, message: StrOrPromise, *, code: str, **details: object) -> None:
        super().__init__(message, **details)
        self.code = code


class ImportClosed(Refusal):
    """Its process was silent for so long that the import was closed; nothing more is stored."""

    code = "import_closed"


class SourceClosed(Refusal):
    """Nothing comes in through a source that was switched off."""

    code = "source_closed"


class TriagedAlready(Refusal):
    """These words do not wait in the inbox any more: somebody was quicker."""

    code = "triaged_already"


class AddressTaken(Refusal):
    """The address, or the number at the source, is another customer's."""

    code = "address_taken"


class ErasedOnRequest(Refusal):
    """This person asked to be forgotten: nothing of theirs is stored."""

    code = "erased_on_request"

    def __init__(self) -> None:
        super().__init__(_("Erased on request: nothing of this person is stored any more."))


class CustomerMerged(Refusal):
    """This record was merged into another; `details` name the one that survives."""

    code = "customer_merged"


class SuggestionDismissed(Refusal):
    """Somebody said of this pair that it is not so; `details` name the suggestion."""

    code = "suggestion_dismissed"


class MentionsUndecided(Refusal):
    """Texts may mean the person who is to be erased; `details` hold their `places`."""

    code = "mentions_undecided"


class PrivacyRequestClosed(Refusal):
    """It is closed already, in another way."""

    code = "privacy_request_closed"


class NoWords(Refusal):
    """A rating alone, or what was erased, speaks for no request."""

    code = "no_words"


class AlreadyLinked(Refusal):
    """The very same excerpt speaks for this request already."""

    code = "already_linked"


class WordsOfClosedProduct(Refusal):
    """Words about a closed product speak for its own requests only."""

    code = "words_of_closed_product"


class LastGrant(Refusal):
    """Nobody could see the closed product any more, and so nobody could open it again."""

    code = "last_grant"


class RequestMerged(Refusal):
    """A merged request takes nothing more; `details` name the one that survives."""

    code = "request_merged"


class NeighbourGone(Refusal):
    """The neighbour named is no longer on this board; `details` hold the order around."""

    code = "neighbour_gone"


class NoDepartment(Refusal):
    """Assessments are given for a department; this person is in none."""

    code = "no_department"


class NotAssessable(Refusal):
    """The request is past the point where scores matter, or its product has no model."""

    code = "not_assessable"


class AnotherSprintActive(Refusal):
    """A product works in one sprint at a time."""

    code = "another_sprint_active"


class SprintNotStarted(Refusal):
    """Nothing has become of a commitment before its sprint has begun."""

    code = "sprint_not_started"


class SprintNotActive(Refusal):
    """Only a sprint that runs can be closed."""

    code = "sprint_not_active"


class SprintClosed(Refusal):
    """A closed sprint takes nothing in and gives nothing back."""

    code = "sprint_closed"


class OutcomesMissing(Refusal):
    """A sprint closes when each of its commitments has an outcome; `details` name those without."""

    code = "outcomes_missing"


class MovedByHand(Refusal):
    """Requests of the sprint were moved by hand; `details` name them."""

    code = "moved_by_hand"


class AlreadyCommitted(Refusal):
    """The request is in a sprint, and it is not known yet what became of it there."""

    code = "already_committed"


class CommitmentWithdrawn(Refusal):
    """Nothing becomes of a commitment that was taken back."""

    code = "commitment_withdrawn"


class OutcomeOnRecord(Refusal):
    """There is an outcome already; after it only a roll-back can follow."""

    code = "outcome_on_record"


class NothingShipped(Refusal):
    """Only what reached the users can be rolled back."""

    code = "nothing_shipped"


class OutcomeReplaced(Refusal):
    """A later outcome took this one's place; that one is announced."""

    code = "outcome_replaced"


# Status updates, announcements, obligations, notices, replies, endpoints and tokens


class StatusUpdateOutdated(Refusal):
    """The request has moved on since then: it is not true any more, or a later update is told."""

    code = "status_update_outdated"


class StatusUpdateAnnounced(Refusal):
    """Customers are being told in the words as they are."""

    code = "status_update_announced"


class OtherStatusUpdateWaits(Refusal):
    """Another status update or an outcome is to be announced first; `details` hold its number."""

    code = "other_status_update_waits"


class NobodyWaits(Refusal):
    """Everybody who asked has heard something since, or nobody has asked."""

    code = "nobody_waits"


class WordsMissing(Refusal):
    """Nobody is told “no” without a word for customers."""

    code = "words_missing"


class WordsInOtherLanguage(Refusal):
    """Some would be told in a language that is not theirs: write it in theirs, or say that you
    mean it (`in_other_language`). `details` hold how many, by language."""

    code = "words_in_other_language"


class CountersignNeeded(Refusal):
    """So many customers are told only if a second person agrees."""

    code = "countersign_needed"


class NotAsked(Refusal):
    """Nobody has asked for a second person."""

    code = "not_asked"


class OwnAnnouncement(Refusal):
    """Who asked for a second person cannot be that person."""

    code = "own_announcement"


class AlreadyTold(Refusal):
    """The first message has left; nothing calls it back."""

    code = "already_told"


class ObligationSettled(Refusal):
    """The customer was told, or it is on record why not; there is nothing left to waive."""

    code = "obligation_settled"


class BeingSent(Refusal):
    """A message is on its way at this very moment; look again when it has arrived."""

    code = "being_sent"


UNWRITABLE: Final = "cannot be written:"


class Unwritable(Refusal):
    """A message cannot be written: something that it tells is not as it should be."""

    code = "unwritable"
    failure: str
    """As it is kept with the message; `delivery.failure_texts` puts it into words."""

    def __init__(self, why: str) -> None:
        super().__init__(_("The message cannot be written: %(why)s") % {"why": why})
        self.failure = f"{UNWRITABLE} {why}"

    @classmethod
    def because(cls, error: Exception) -> Self:
        """What was raised while it was written, in one line."""
        return cls(f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": "))


class NotAnswerable(Refusal):
    """The customer was not asked about this, or a later message took its place."""

    code = "not_answerable"


class SwitchedOff(Refusal):
    """The endpoint is switched off; switch it on first."""

    code = "switched_off"


class OnItsWay(Refusal):
    """It waits to be told anyway."""

    code = "on_its_way"


class TokenOver(Refusal):
    """The token has expired or was revoked; make a new one instead."""

    code = "token_over"
