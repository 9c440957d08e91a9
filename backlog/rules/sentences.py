"""What each kind of event says to people, whoever did it and to whatever it was done."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

_SENTENCES: dict[str, StrOrPromise] = {
    "account.added": _("An account was added"),
    "account.edited": _("An account was edited"),
    "colleague.added": _("A colleague was added"),
    "colleague.edited": _("A colleague’s details were edited"),
    "colleague.password_set": _("A colleague was given a new password"),
    "colleague.roles_set": _("A colleague’s roles were changed"),
    "commitment.edited": _("The terms of a commitment were edited"),
    "commitment.effort_set": _("A department’s effort was estimated"),
    "commitment.withdrawn": _("A request was taken back out of a sprint"),
    "consent.given": _("A customer’s consent was recorded"),
    "consent.withdrawn": _("A customer’s consent was withdrawn"),
    "contact_point.added": _("A customer’s address was added"),
    "contact_point.bounced": _("A customer’s address stopped working"),
    "contact_point.complained": _("A customer complained about our mail"),
    "contact_point.unsubscribed": _("A customer unsubscribed an address"),
    "customer.added": _("A customer became known"),
    "customer.edited": _("A customer’s details were edited"),
    "customer.told": _("A customer was told"),
    "delivery.retried": _("A webhook message was tried again"),
    "department.added": _("A department was added"),
    "department.joined": _("A colleague joined a department"),
    "department.renamed": _("A department was renamed"),
    "department.seated": _("A department got a voting seat"),
    "endpoint.added": _("An endpoint was added"),
    "endpoint.edited": _("An endpoint was edited"),
    "endpoint.replayed": _("An endpoint was told again"),
    "endpoint.secret_rotated": _("An endpoint’s secret was replaced"),
    "endpoint.switched_off": _("An endpoint was switched off, for it did not answer"),
    "endpoint.tested": _("An endpoint was sent a test"),
    "evidence.linked": _("Words were linked as evidence"),
    "evidence.unlinked": _("Words were taken off a request"),
    "feedback.imported": _("Feedback was imported"),
    "feedback.received": _("Feedback arrived"),
    "import.failed": _("An import failed"),
    "import.finished": _("An import was finished"),
    "import.started": _("An import was started"),
    "message_template.reset": _("The built-in words of a message came back"),
    "message_template.written": _("The words of a message were written"),
    "news.announced": _("News was announced to customers"),
    "news.announcement_cancelled": _("The announcement of news was cancelled"),
    "news.countersign_asked": _("A second colleague was asked to agree to telling news"),
    "news.countersigned": _("A second colleague agreed to telling news"),
    "news.recorded": _("There is news for customers"),
    "news.worded": _("The words of news for customers were written"),
    "notice.bounced": _("A message came back"),
    "notice.complained": _("A message was reported as unwanted"),
    "notice.delivered": _("A message was delivered"),
    "notice.given_up": _("A message was given up"),
    "notice.retried": _("A message was tried again"),
    "obligation.bounced": _("A customer could not be reached"),
    "obligation.superseded": _("A customer was told with later news"),
    "obligation.suppressed": _("A customer was not told"),
    "obligation.waived": _("A customer need not be told"),
    "outcome.announced": _("An outcome was announced to customers"),
    "outcome.announcement_cancelled": _("The announcement of an outcome was cancelled"),
    "outcome.countersign_asked": _("A second colleague was asked to agree to telling an outcome"),
    "outcome.countersigned": _("A second colleague agreed to telling an outcome"),
    "outcome.measured": _("An outcome was measured"),
    "outcome.recorded": _("An outcome was recorded"),
    "product.added": _("A product was added"),
    "product.edited": _("A product was edited"),
    "product.grant_revoked": _("A colleague’s access to a product was taken back"),
    "product.granted": _("A colleague was given access to a product"),
    "product.model_changed": _("A product is scored with another model"),
    "reply.received": _("A customer answered"),
    "request.assessed": _("A department assessed a request"),
    "request.committed": _("A request was taken into a sprint"),
    "request.edited": _("A request was worded anew"),
    "request.moved": _("A request was moved in rank"),
    "request.opened": _("A request was opened"),
    "request.status_changed": _("A request’s status changed"),
    "request.step_set": _("A department’s step was set"),
    "scoring_model.added": _("A scoring model was added"),
    "source.added": _("A source was added"),
    "source.edited": _("A source was edited"),
    "sprint.capacity_set": _("A department’s capacity was set"),
    "sprint.closed": _("A sprint was closed"),
    "sprint.edited": _("A sprint was edited"),
    "sprint.planned": _("A sprint was planned"),
    "sprint.started": _("A sprint was started"),
    "token.issued": _("An API token was made"),
    "token.revoked": _("An API token was revoked"),
    "token.rotated": _("An API token was replaced"),
}


def register(sentences: Mapping[str, StrOrPromise]) -> None:
    """Let another app say what its kinds mean."""
    _SENTENCES.update(sentences)


def of(kind: str) -> StrOrPromise:
    """The sentence of a kind; of one that nobody has put into words, the kind itself."""
    return _SENTENCES.get(kind, kind)


def kinds() -> frozenset[str]:
    """All that have a sentence."""
    return frozenset(_SENTENCES)
