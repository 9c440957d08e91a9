"""A rating without words, and a number that comes again with other words, through the API."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import Feedback, User
from tests.factories import backlog


class TestApi:
    @pytest.mark.parametrize("words", [{}, {"verbatim": ""}, {"verbatim": "  "}])
    def test_takes_it(
        self, ines: User, acting: Callable[[User], APIClient], words: dict[str, str]
    ) -> None:
        backlog.SourceFactory.create(key="survey")
        said = {"source": "survey", "readings": [{"kind": "nps", "value": 9}], **words}
        api = acting(ines)

        answer = api.post("/api/v1/feedback/", said, format="json")
        bulk = api.post("/api/v1/feedback/bulk/", {"rows": [said]}, format="json")

        assert answer.status_code == 201, answer.data
        assert (answer.data["verbatim"], answer.data["readings"][0]["value"]) == ("", "9.00")
        assert bulk.data["created"] == 1
        assert not api.get("/api/v1/feedback/", {"linked": "no"}).data["results"]

    def test_takes_not_nothing(self, ines: User, acting: Callable[[User], APIClient]) -> None:
        backlog.SourceFactory.create(key="survey")

        answer = acting(ines).post("/api/v1/feedback/", {"source": "survey"}, format="json")

        assert answer.status_code == 422
        assert answer.data["errors"][0]["code"] == "blank"

    @pytest.mark.parametrize(("on_change", "kept"), [("keep_first", 1), ("keep_both", 2)])
    @pytest.mark.parametrize("way", ["", "bulk/"])
    def test_keeps_a_change_if_the_source_does(
        self,
        ines: User,
        acting: Callable[[User], APIClient],
        on_change: str,
        kept: int,
        way: str,
    ) -> None:
        backlog.SourceFactory.create(key="survey", on_change=on_change)
        api = acting(ines)

        for words in ("Slow", "Fast now", "Slow", "Fast now"):
            said = {"source": "survey", "external_id": "7", "verbatim": words}
            body = {"rows": [said]} if way else said
            assert api.post(f"/api/v1/feedback/{way}", body, format="json").status_code < 300

        assert Feedback.objects.count() == kept
