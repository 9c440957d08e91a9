"""Steps: they ask first, call the operation, pass on refusals, and are offered where they fit."""

from urllib.parse import urlencode

import pytest
from django.contrib.admin import helpers
from django.test import Client
from django.urls import reverse

from backlog.models import (
    ApiToken,
    Commitment,
    ContactPoint,
    Customer,
    CustomerRequest,
    Feedback,
    Notice,
    Obligation,
    Outcome,
    Product,
    ProductGrant,
    Sprint,
    User,
)
from tests.backlog.admin.pages import address, errors, kinds, messages, take
from tests.factories import NOON, backlog


class TestAStepOnAPage:
    def test_changes_nothing_by_being_looked_at(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create()

        response = as_mina.get(address(Sprint, "start", sprint.pk))

        assert response.status_code == 200
        sprint.refresh_from_db()
        assert sprint.status == "planned"
        assert not kinds()

    def test_calls_the_operation_when_confirmed_and_goes_back(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create()

        response = as_mina.post(address(Sprint, "start", sprint.pk), {"_answered": "1"})

        sprint.refresh_from_db()
        assert sprint.status == "active"
        assert kinds() == ["sprint.started"]
        assert response["Location"] == address(Sprint, "change", sprint.pk)

    def test_goes_back_to_where_the_person_came_from(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create()
        page = address(Sprint, "start", sprint.pk)

        response = as_mina.post(f"{page}?back=/board/PAY/", {"_answered": "1"})

        assert response["Location"] == "/board/PAY/"

    @pytest.mark.parametrize("back", ["https://example.com/", "//example.com", "javascript:a()"])
    def test_goes_to_no_other_site(self, as_mina: Client, back: str) -> None:
        sprint = backlog.SprintFactory.create()
        page = address(Sprint, "start", sprint.pk)

        response = as_mina.post(f"{page}?{urlencode({'back': back})}", {"_answered": "1"})

        assert response["Location"] == address(Sprint, "change", sprint.pk)

    def test_shows_a_refusal_where_it_was_asked(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create(status="active", started_at=NOON)
        backlog.CommitmentFactory.create(sprint=sprint, request__status="in_progress")

        response = as_mina.post(address(Sprint, "close", sprint.pk), {"_answered": "1"})

        assert "Say first what became of" in errors(response)["__all__"][0]
        sprint.refresh_from_db()
        assert sprint.status == "active"

    def test_keeps_what_was_typed_when_refused(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create()
        elsewhere = backlog.RequestFactory.create(status="approved")
        typed = {"request": elsewhere.pk, "hypothesis": "포기가 준다", "_answered": "1"}

        response = as_mina.post(address(Sprint, "commit", sprint.pk), typed)

        assert errors(response)
        assert "포기가 준다" in response.content.decode()
        assert not Commitment.objects.exists()

    def test_is_forbidden_without_the_permission(self, as_omar: Client) -> None:
        sprint = backlog.SprintFactory.create()

        assert as_omar.get(address(Sprint, "start", sprint.pk)).status_code == 403
        assert as_omar.post(address(Sprint, "start", sprint.pk)).status_code == 403
        assert not kinds()

    def test_is_not_found_for_a_row_one_may_not_see(self, as_mina: Client) -> None:
        secret = backlog.ProductFactory.create(is_open=False)
        sprint = backlog.SprintFactory.create(product=secret)

        assert as_mina.get(address(Sprint, "start", sprint.pk)).status_code == 404

    def test_is_offered_where_the_state_lets_it(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create(status="active", started_at=NOON)

        page = as_mina.get(address(Sprint, "change", sprint.pk)).content.decode()

        assert address(Sprint, "close", sprint.pk) in page
        assert address(Sprint, "start", sprint.pk) not in page

    def test_is_offered_to_those_who_may(self, as_omar: Client) -> None:
        sprint = backlog.SprintFactory.create()

        page = as_omar.get(address(Sprint, "change", sprint.pk)).content.decode()

        assert address(Sprint, "start", sprint.pk) not in page


class TestAStepOnAList:
    def test_asks_before_it_changes_anything(self, as_mina: Client) -> None:
        point = backlog.ContactPointFactory.create()
        chosen = {"action": "unsubscribe", helpers.ACTION_CHECKBOX_NAME: [point.pk]}

        response = as_mina.post(address(ContactPoint, "changelist"), chosen)

        assert response.status_code == 200
        assert point.address in response.content.decode()
        point.refresh_from_db()
        assert point.state == "usable"

    def test_is_taken_for_each_row(self, as_mina: Client) -> None:
        points = backlog.ContactPointFactory.create_batch(3)

        response = take(as_mina, ContactPoint, "unsubscribe", *points)

        assert ContactPoint.objects.filter(state="unsubscribed").count() == 3
        assert messages(response) == ["Nothing is sent to this address any more. (3)"]

    def test_goes_on_with_the_others_when_one_is_refused(self, as_mina: Client) -> None:
        owed = backlog.ObligationFactory.create()
        told = backlog.ObligationFactory.create(status="told", settled_at=NOON)

        response = take(as_mina, Obligation, "waive", owed, told, reason="told by phone")

        owed.refresh_from_db()
        assert owed.status == "waived"
        warning, done = messages(response)
        assert "settled already" in warning
        assert done == "The customer need not be told."

    def test_is_forbidden_without_the_permission(self, as_omar: Client) -> None:
        request = backlog.RequestFactory.create()

        take(as_omar, CustomerRequest, "override_status", request, status="approved", reason="x")

        request.refresh_from_db()
        assert request.status == "new"

    def test_shows_customers_words_as_words(self, as_mina: Client) -> None:
        row = backlog.FeedbackFactory.create(verbatim="<script>alert(1)</script>")
        chosen = {"action": "open_request", helpers.ACTION_CHECKBOX_NAME: [row.pk]}

        asked = as_mina.post(address(Feedback, "changelist"), chosen).content.decode()
        listed = as_mina.get(address(Feedback, "changelist")).content.decode()

        for page in (asked, listed):
            assert "<script>alert" not in page
            assert "&lt;script&gt;alert" in page


class TestTheStepsBesideTheRows:
    """A sprint lists what was taken in, each with what is to be done about it next."""

    def test_lead_from_the_work_to_its_outcome_to_the_customers(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create(status="active", started_at=NOON)
        open_one = backlog.CommitmentFactory.create(sprint=sprint)
        outcome = backlog.OutcomeFactory.create(commitment__sprint=sprint)

        page = as_mina.get(address(Sprint, "change", sprint.pk)).content.decode()

        assert address(Commitment, "record_outcome", open_one.pk) in page
        assert address(Commitment, "record_outcome", outcome.commitment_id) not in page
        assert reverse("backlog:announce", args=[outcome.pk]) in page

    def test_are_for_those_who_may(self, as_omar: Client) -> None:
        sprint = backlog.SprintFactory.create(status="active", started_at=NOON)
        row = backlog.CommitmentFactory.create(sprint=sprint)

        page = as_omar.get(address(Sprint, "change", sprint.pk)).content.decode()

        assert str(row.request) in page
        assert address(Commitment, "record_outcome", row.pk) not in page


class TestOutcomes:
    def test_are_recorded_in_the_languages_of_customers(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create(status="active", started_at=NOON)
        request = backlog.RequestFactory.create(product=sprint.product, status="in_progress")
        commitment = backlog.CommitmentFactory.create(sprint=sprint, request=request)
        page = address(Commitment, "record_outcome", commitment.pk)
        answers = {"result": "partly", "summary_ko": "두 번만 누릅니다.", "missing_en": "Refunds."}

        as_mina.post(page, {**answers, "_answered": "1"})

        outcome = Outcome.objects.get()
        assert outcome.summary == {"ko": "두 번만 누릅니다."}
        assert outcome.missing == {"en": "Refunds."}
        assert outcome.announced_at is None

    def test_lead_to_the_page_where_they_are_announced(self, as_mina: Client) -> None:
        outcome = backlog.OutcomeFactory.create()

        page = as_mina.get(address(Outcome, "change", outcome.pk)).content.decode()

        assert reverse("backlog:announce", args=[outcome.pk]) in page

    def test_can_be_forgone_by_taking_the_commitment_back(self, as_mina: Client) -> None:
        request = backlog.RequestFactory.create(status="planned")
        sprint = backlog.SprintFactory.create(product=request.product)
        commitment = backlog.CommitmentFactory.create(sprint=sprint, request=request)
        page = address(Commitment, "withdraw", commitment.pk)

        as_mina.post(page, {"reason": "too big", "_answered": "1"})

        commitment.refresh_from_db()
        assert commitment.withdrawn_at is not None


class TestCustomers:
    def test_give_and_withdraw_consent_with_its_proof(self, as_mina: Client) -> None:
        customer = backlog.CustomerFactory.create()
        given = {"purpose": "research", "proof": "signed at the fair", "_answered": "1"}

        as_mina.post(address(Customer, "give_consent", customer.pk), given)
        consent = customer.consents.get()
        withdrawn = {"purpose": "research", "_answered": "1"}
        as_mina.post(address(Customer, "withdraw_consent", customer.pk), withdrawn)

        assert (consent.basis, consent.proof) == ("opt_in", {"note": "signed at the fair"})
        consent.refresh_from_db()
        assert consent.withdrawn_at is not None

    def test_are_not_given_the_address_of_another(self, as_mina: Client) -> None:
        taken = backlog.ContactPointFactory.create()
        customer = backlog.CustomerFactory.create()
        page = address(Customer, "add_address", customer.pk)

        refused = as_mina.post(page, {"email": taken.address, "_answered": "1"})
        as_mina.post(page, {"email": "new@example.org", "_answered": "1"})

        assert errors(refused) == {"__all__": ["Another customer has this address."]}
        assert customer.contact_points.get().address == "new@example.org"


class TestNotices:
    def test_that_were_given_up_are_sent_again(self, as_mina: Client) -> None:
        notice = backlog.NoticeFactory.create(status="dead")

        take(as_mina, Notice, "retry", notice)

        notice.refresh_from_db()
        assert notice.status == "queued"


class TestSettings:
    def test_a_product_is_scored_with_another_model(self, as_ada: Client) -> None:
        product = backlog.ProductFactory.create()
        other = backlog.ScoringModelFactory.create()
        page = address(Product, "use_model", product.pk)

        as_ada.post(page, {"scoring_model": other.pk, "_answered": "1"})

        product.refresh_from_db()
        assert product.scoring_model == other

    def test_a_password_is_set_when_both_are_the_same_and_good(
        self, as_ada: Client, noor: User
    ) -> None:
        page = address(User, "set_password", noor.pk)

        weak = as_ada.post(page, {"password1": "1234", "password2": "1234"})
        typo = as_ada.post(page, {"password1": "heard and told", "password2": "herd and told"})
        as_ada.post(page, {"password1": "heard and told", "password2": "heard and told"})

        assert "password1" in errors(weak)
        assert "password2" in errors(typo)
        noor.refresh_from_db()
        assert noor.check_password("heard and told")

    def test_a_revoked_token_stays_on_record(self, as_ada: Client, ines: User) -> None:
        token = ApiToken.objects.create(ines, name="CRM", scopes=["read"])[0]

        as_ada.post(address(ApiToken, "revoke", token.pk), {"_answered": "1"})

        token.refresh_from_db()
        assert token.revoked_at is not None
        assert kinds() == ["token.revoked"]

    def test_the_secret_of_a_successor_is_shown_once(self, as_ada: Client, ines: User) -> None:
        old = ApiToken.objects.create(ines, name="CRM", scopes=["read"])[0]

        response = as_ada.post(address(ApiToken, "rotate", old.pk), {"hours": 24, "days": 90})

        new = ApiToken.objects.exclude(pk=old.pk).get()
        [told] = messages(response)
        assert f"<code>{new.token_key}" in told
        assert kinds() == ["token.issued", "token.rotated"]

    def test_a_closed_product_is_granted_and_taken_back(
        self, as_ada: Client, ada: User, mina: User
    ) -> None:
        product = backlog.ProductFactory.create(is_open=False)
        ProductGrant.objects.create(product=product, user=ada)

        as_ada.post(address(Product, "grant", product.pk), {"user": mina.pk})
        as_ada.post(address(Product, "revoke", product.pk), {"user": ada.pk})
        last = as_ada.get(address(Product, "change", product.pk))

        assert [row.user for row in ProductGrant.objects.all()] == [mina]
        assert last.status_code == 404
        assert kinds() == ["product.granted", "product.grant_revoked"]
