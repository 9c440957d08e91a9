"""The inbox page: what it shows, what is done there, and how it is undone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backlog.models import CustomerRequest, Event, Evidence, Feedback, Suggestion, User
from backlog.operations import feedback_triage, suggestions
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    CustomerFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
INBOX = "/feedback/?linked=no"


@pytest.fixture
def browser(mina: User) -> Client:
    return signed_in(mina)


@pytest.fixture
def words(db: None) -> list[Feedback]:
    """The newest first, as the inbox shows them."""
    rows = [
        FeedbackFactory.create(verbatim=f"Piece {n}.", received_at=NOON + timedelta(minutes=n))
        for n in range(3)
    ]
    return rows[::-1]


def do(browser: Client, name: str, words: Feedback, headers: Any = HTMX, **form: Any) -> Any:
    address = f"/feedback/triage/{name}/?linked=no"
    return browser.post(address, {"feedback": words.pk, **form}, headers=headers)


def waiting(browser: Client) -> list[int]:
    return [row.pk for row in browser.get(INBOX).context["rows"]]


class TestTheInbox:
    def test_shows_what_waits_and_reads_the_newest(
        self, browser: Client, words: list[Feedback]
    ) -> None:
        page = browser.get(INBOX)

        assert [row.pk for row in page.context["rows"]] == [row.pk for row in words]
        assert page.context["row"] == words[0]
        assert "data-words>Piece 2.</blockquote>" in page.content.decode()

    def test_reads_the_words_that_its_address_names(
        self, browser: Client, words: list[Feedback]
    ) -> None:
        assert browser.get(f"{INBOX}&open={words[2].pk}").context["row"] == words[2]
        fragment = browser.get(f"/feedback/{words[1].pk}/reading/?linked=no").content.decode()
        assert "Piece 1." in fragment
        assert "<html" not in fragment

    def test_says_when_nothing_is_left(self, browser: Client) -> None:
        assert "Nothing waits." in browser.get(INBOX).content.decode()

    def test_costs_the_same_for_more_words(self, browser: Client, queries: SameQueries) -> None:
        person = CustomerFactory.create()
        FeedbackFactory.create_batch(4, customer=person)
        browser.get(INBOX)
        with queries() as few:
            browser.get(INBOX)
        FeedbackFactory.create_batch(20, customer=person)
        with queries() as many:
            browser.get(INBOX)
        assert len(many) == len(few)


class TestActs:
    def test_linking_opens_the_next_words(self, browser: Client, words: list[Feedback]) -> None:
        request = RequestFactory.create()

        answer = do(browser, "link", words[0], q=request.key.lower())

        assert answer.context["said"] == f"Linked to {request.key}."
        assert answer.context["row"] == words[1]
        assert Evidence.objects.get().counts_for == request
        assert waiting(browser) == [words[1].pk, words[2].pk]

    def test_an_excerpt_alone_speaks(self, browser: Client) -> None:
        row = FeedbackFactory.create(verbatim="Nice.  It is slow.")
        do(browser, "link", row, request=RequestFactory.create().key, excerpt="It is slow.")
        assert Evidence.objects.get().excerpt == "It is slow."

    def test_an_excerpt_nobody_said_is_refused(self, browser: Client) -> None:
        row = FeedbackFactory.create(verbatim="Nice.")
        answer = do(browser, "link", row, q=RequestFactory.create().key, excerpt="Bad.")
        assert answer.context["refusals"] == ["The customer did not say these words in this order."]
        assert answer.context["row"] == row

    def test_opens_a_request_with_the_title_taken_from_the_words(self, browser: Client) -> None:
        row = FeedbackFactory.create(verbatim="Hello!\nThe export is slow. It takes an hour.")
        product = RequestFactory.create().product
        title = browser.get(INBOX).context["proposed_title"]
        assert title == "The export is slow"

        answer = do(browser, "open", row, title=title, product=product.prefix, problem="")

        opened = CustomerRequest.objects.latest("pk")
        assert (opened.title, opened.problem) == (title, title)
        assert Evidence.objects.get().counts_for == opened
        assert answer.context["done"] == [Event.objects.get(kind="evidence.linked").pk]

    def test_puts_away_off_and_over(
        self, browser: Client, words: list[Feedback], ada: User
    ) -> None:
        do(browser, "put-away", words[0], done_as="praise", reason="Kind.")
        do(browser, "snooze", words[1], until="tomorrow")
        do(browser, "give", words[2], to=ada.email)

        first, second, third = (Feedback.objects.get(pk=row.pk) for row in words)
        assert first.done_as == "praise"
        assert second.snoozed_until is not None
        assert second.snoozed_until > timezone.now()
        assert third.given_to == ada
        assert waiting(browser) == [third.pk]

    def test_snoozed_words_come_back_by_themselves(
        self, browser: Client, words: list[Feedback]
    ) -> None:
        Feedback.objects.filter(pk=words[0].pk).update(snoozed_until=timezone.now())
        ahead = timezone.now() + timedelta(hours=1)
        Feedback.objects.filter(pk=words[1].pk).update(snoozed_until=ahead)

        assert waiting(browser) == [words[0].pk, words[2].pk]
        snoozed = browser.get(f"{INBOX}&triage=snoozed").context["rows"]
        assert [row.pk for row in snoozed] == [words[1].pk]

    def test_are_done_with_all_that_is_chosen(self, browser: Client, words: list[Feedback]) -> None:
        chosen = [words[0].pk, words[2].pk]
        answer = do(browser, "put-away", words[1], chosen=chosen, done_as="spam")
        assert answer.context["said"] == "2 pieces put away as “spam”."
        assert waiting(browser) == [words[1].pk]

    def test_go_on_where_one_of_several_is_refused(
        self, browser: Client, words: list[Feedback], ada: User
    ) -> None:
        self.as_ada(ada, words[0])
        chosen = [words[0].pk, words[1].pk]
        answer = do(browser, "put-away", words[0], chosen=chosen, done_as="spam")
        assert answer.context["said"] == "Put away as “spam”."
        assert answer.context["refusals"] == ["Ada put this away as “praise” just now."]

    @staticmethod
    def as_ada(ada: User, row: Feedback) -> None:
        feedback_triage.put_away(feedback_id=row.pk, done_as="praise", by=ada, at=timezone.now())

    def test_are_undone_by_one_key(self, browser: Client, words: list[Feedback]) -> None:
        answer = do(browser, "put-away", words[0], done_as="spam")
        again = browser.post(
            "/feedback/triage/undo/?linked=no", {"event": answer.context["done"]}, headers=HTMX
        )
        assert again.context["said"] == "Undone."
        assert again.context["row"] == words[0]
        assert len(waiting(browser)) == 3

    def test_that_opened_a_request_say_what_stays_when_undone(
        self, browser: Client, words: list[Feedback]
    ) -> None:
        product = ProductFactory.create()
        typed = {"title": "Pay", "product": product.prefix, "problem": "It is slow."}
        answer = do(browser, "open", words[0], **typed)
        [opened] = CustomerRequest.objects.filter(product=product)

        again = browser.post(
            "/feedback/triage/undo/?linked=no", {"event": answer.context["done"]}, headers=HTMX
        )

        assert again.context["said"] == (
            f"Undone. {opened.key} stays open, and no words speak for it: merge it, or link others."
        )
        assert f'href="/requests/{opened.key}/"' in again.content.decode()
        assert len(waiting(browser)) == 3

    def test_that_linked_to_what_was_there_say_nothing_of_it(
        self, browser: Client, words: list[Feedback]
    ) -> None:
        known = RequestFactory.create()
        answer = do(browser, "link", words[0], request=known.key)
        again = browser.post(
            "/feedback/triage/undo/?linked=no", {"event": answer.context["done"]}, headers=HTMX
        )
        assert again.context["said"] == "Undone."

    def test_of_what_is_not_meant_keep_the_words_open(
        self, browser: Client, words: list[Feedback]
    ) -> None:
        request = RequestFactory.create(title="Piece one", problem="Piece one.")
        assert f'value="{request.key}:' in browser.get(INBOX).content.decode()

        answer = do(browser, "dismiss", words[0], dismissed=f"{request.key}:0.4")

        assert answer.context["said"] == (
            f"{request.key} is not suggested for these words any more."
        )
        assert answer.context["row"] == words[0]
        assert answer.context["similar"] == []
        assert len(waiting(browser)) == 3

    def test_of_what_an_agent_suggests_accept_it(
        self, browser: Client, words: list[Feedback], mina: User
    ) -> None:
        request = RequestFactory.create(title="Ärger", problem="Ärger.")
        row = suggestions.propose(
            pair=suggestions.Pair("link", words[0].pk, request.pk),
            source=suggestions.Source("agent", "triage", "3", "They mean it."),
            by=None,
            at=NOON,
        )
        page = browser.get(INBOX).content.decode()
        assert "suggested by triage 3" in page
        assert "They mean it." in page

        do(browser, "link", words[0], suggested=request.key)

        row.refresh_from_db()
        assert (row.state, row.decided_by) == ("accepted", mina)
        assert Suggestion.objects.count() == 1

    def test_of_what_the_words_found_write_it_down(
        self, browser: Client, words: list[Feedback]
    ) -> None:
        request = RequestFactory.create()
        do(browser, "link", words[0], suggested=f"{request.key}:0.42")
        row = Suggestion.objects.get()
        assert (row.state, row.name, row.score) == ("accepted", "similar_words", 0.42)

    @pytest.mark.parametrize("score", ["", ":", ":x", ":nan", ":7", ":1e999", ":0.4:0.5"])
    def test_with_an_odd_score_link_and_write_nothing_down(
        self, browser: Client, words: list[Feedback], score: str
    ) -> None:
        request = RequestFactory.create()
        do(browser, "link", words[0], suggested=f"{request.key}{score}")
        assert Evidence.objects.live().count() == 1
        assert not Suggestion.objects.exists()

    def test_work_without_scripts(self, browser: Client, words: list[Feedback]) -> None:
        answer = do(browser, "put-away", words[0], headers={}, done_as="spam")
        page = browser.get(answer["Location"])
        assert page.context["row"] == words[1]
        assert "Put away as “spam”." in page.content.decode()
        assert 'id="undo"' in page.content.decode()

    def test_of_what_is_wrong_say_so_and_keep_what_was_typed(
        self, browser: Client, words: list[Feedback]
    ) -> None:
        answer = do(browser, "open", words[0], headers={}, title="", product="NONE", problem="P")
        assert answer.status_code == 422
        assert "Give it a title." in answer.content.decode()
        assert "Choose the product it is about." in answer.content.decode()
        assert not Evidence.objects.exists()

    def test_are_for_who_may_link(self, omar: User, words: list[Feedback]) -> None:
        viewer = signed_in(omar)
        assert do(viewer, "put-away", words[0], done_as="spam").status_code == 403
        assert "hb-reading-acts" not in viewer.get(INBOX).content.decode()


class TestFilters:
    def test_find_mine_and_nobodys(
        self, browser: Client, words: list[Feedback], mina: User
    ) -> None:
        Feedback.objects.filter(pk=words[0].pk).update(given_to=mina)
        mine = browser.get(f"{INBOX}&given_to={mina.email}").context["rows"]
        nobodys = browser.get(f"{INBOX}&given_to=nobody").context["rows"]
        assert [row.pk for row in mine] == [words[0].pk]
        assert [row.pk for row in nobodys] == [words[1].pk, words[2].pk]

    def test_find_low_scores(self, browser: Client, words: list[Feedback]) -> None:
        words[1].readings.create(kind="nps", value=3)
        words[2].readings.create(kind="nps", value=9)
        low = browser.get(f"{INBOX}&low_score=yes").context["rows"]
        assert [row.pk for row in low] == [words[1].pk]
