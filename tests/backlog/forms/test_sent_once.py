"""What makes two sendings of a form the same."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from backlog.errors import SentAlready
from backlog.forms import sent_once
from backlog.models import IdempotencyKey, User
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def sending(user: User, address: str = "/move/", **typed: str) -> HttpRequest:
    request = RequestFactory().post(address, typed)
    request.user = user
    return request


def claim(request: HttpRequest, *, part: object = "") -> None:
    with sent_once.once(request, at=NOON, part=part):
        pass


def test_a_form_that_is_sent_again_is_refused(mina: User) -> None:
    claim(sending(mina, to="3"))

    with pytest.raises(SentAlready):
        claim(sending(mina, to="3"))


def test_it_is_another_sending_where_the_address_says_of_what(mina: User) -> None:
    claim(sending(mina, "/move/?of=PAY-1", to="3"))
    claim(sending(mina, "/move/?of=PAY-2", to="3"))


def test_it_is_the_same_whatever_differs_between_two_showings_of_a_form(mina: User) -> None:
    claim(sending(mina, "/move/?back=/board/", to="3", csrfmiddlewaretoken="one"))

    with pytest.raises(SentAlready):
        claim(sending(mina, "/move/?back=/", csrfmiddlewaretoken="two", to="3"))


def test_each_part_of_what_a_form_does_is_done_once(mina: User) -> None:
    claim(sending(mina, to="3"), part=1)
    claim(sending(mina, to="3"), part=2)

    with pytest.raises(SentAlready):
        claim(sending(mina, to="3"), part=2)


def test_nothing_that_was_typed_is_kept(mina: User) -> None:
    claim(sending(mina, password="한빛-secret"))

    assert "secret" not in str(list(IdempotencyKey.objects.values()))
