"""What is tagged, and what is answered to who has it already."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.conditional import Conditional

PUBLIC = {"Cache-Control": "public, max-age=60"}


def answered(response: HttpResponse, method: str = "get", **headers: str) -> HttpResponse:
    request = getattr(RequestFactory(), method)("/changelog/", headers=headers)
    found = Conditional(lambda _request: response)(request)
    assert isinstance(found, HttpResponse)
    return found


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_everybody_may_keep_is_tagged(method: str) -> None:
    tagged = answered(HttpResponse("words", headers=PUBLIC), method)

    assert tagged["ETag"]
    assert (
        answered(
            HttpResponse("words", headers=PUBLIC), method, if_none_match=tagged["ETag"]
        ).status_code
        == 304
    )


@pytest.mark.parametrize("status", [404, 410, 500])
def test_what_went_wrong_is_not_tagged(status: int) -> None:
    assert "ETag" not in answered(HttpResponse("words", headers=PUBLIC, status=status))


def test_what_is_one_persons_own_is_not_tagged() -> None:
    assert "ETag" not in answered(HttpResponse("words", headers={"Cache-Control": "private"}))


def test_a_tag_that_is_there_stays() -> None:
    response = HttpResponse("words", headers={**PUBLIC, "ETag": '"as-made"'})

    assert answered(response)["ETag"] == '"as-made"'


def test_what_is_sent_is_always_done() -> None:
    assert (
        answered(HttpResponse("done", headers=PUBLIC), "post", if_none_match="*").status_code == 200
    )
