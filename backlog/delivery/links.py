"""Signed links for customers: each good for one purpose and one message, and for nothing else."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from backlog.models import Notice, PrivacyRequest

ANSWER: Final = "backlog.answer"
UNSUBSCRIBE: Final = "backlog.unsubscribe"
COPY: Final = "backlog.copy"
ANSWER_LASTS: Final = timedelta(days=365)
COPY_LASTS: Final = timedelta(days=7)


class Refused(Exception):  # noqa: N818 -- an answer, not a crash
    """The link was tampered with, is meant for something else, or its message is gone."""


class Expired(Refused):
    """The link was good once; it is too old."""


def answer_url(notice: Notice) -> str:
    """Where the customer sees what became of their words and answers; good for a year."""
    return _absolute(reverse("backlog:heard", args=[_token(notice, ANSWER)]))


def unsubscribe_url(notice: Notice) -> str:
    """Where the customer ends such messages (RFC 8058); never expires."""
    return _absolute(reverse("backlog:unsubscribe", args=[_token(notice, UNSUBSCRIBE)]))


def own_data_url(notice: Notice) -> str:
    """Where the customer asks for a copy, or to be forgotten; good as long as the answer's."""
    return _absolute(reverse("backlog:own-data", args=[_token(notice, ANSWER)]))


def copy_url(privacy_request: PrivacyRequest) -> str:
    """Where the customer finds the copy that they asked for; good for a week."""
    token = _signer(COPY).sign(f"{privacy_request.pk}-{privacy_request.customer.token}")
    return _absolute(reverse("backlog:copy", args=[token]))


def sample_url() -> str:
    """Where the links of a sample lead: to a page that says so, and nowhere else."""
    return _absolute(reverse("backlog:sample"))


def read_answer_token(token: str) -> int:
    """The id of the notice. Raises Expired or Refused."""
    return _read(token, ANSWER, ANSWER_LASTS)


def read_unsubscribe_token(token: str) -> int:
    """The id of the notice. Raises Refused."""
    return _read(token, UNSUBSCRIBE, None)


def read_copy_token(token: str) -> int:
    """The id of the privacy request. Raises Expired or Refused."""
    privacy_request_id, customer = _unsigned(token, COPY, COPY_LASTS)
    if not PrivacyRequest.objects.filter(pk=privacy_request_id, customer__token=customer).exists():
        raise Refused(COPY)
    return int(privacy_request_id)


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(sep=".", salt=purpose)


def _token(notice: Notice, purpose: str) -> str:
    assert notice.customer is not None
    # The customer's token, so that a number used again in another database opens nothing there.
    return _signer(purpose).sign(f"{notice.pk}-{notice.customer.token}")


def _read(token: str, purpose: str, lasts: timedelta | None) -> int:
    notice_id, customer = _unsigned(token, purpose, lasts)
    if not Notice.objects.filter(pk=notice_id, customer__token=customer).exists():
        raise Refused(purpose)
    return int(notice_id)


def _unsigned(token: str, purpose: str, lasts: timedelta | None) -> tuple[str, str]:
    """The number and the customer's token that were signed."""
    try:
        number, _, customer = _signer(purpose).unsign(token, max_age=lasts).partition("-")
    except signing.SignatureExpired as error:
        raise Expired(purpose) from error
    except signing.BadSignature as error:
        raise Refused(purpose) from error
    return number, customer


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
