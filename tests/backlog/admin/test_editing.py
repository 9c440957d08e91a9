"""Adding and editing in the admin: the same operations and events as everywhere else."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.utils.formats import localize

from backlog.models import (
    Account,
    ApiToken,
    Customer,
    CustomerRequest,
    Department,
    Event,
    Feedback,
    Product,
    ScoringModel,
    Source,
    Sprint,
    User,
)
from backlog.rules import roles
from tests.backlog.admin.pages import address, errors, kinds, messages, submit
from tests.factories import NOON, backlog, people


@pytest.mark.parametrize(
    ("model", "facts", "kind"),
    [
        (Account, {"name": "한빛상사", "kind": "customer", "currency": "KRW"}, "account.added"),
        (Customer, {"name": "Jane", "language": "en", "time_zone": "UTC"}, "customer.added"),
        (
            Source,
            {"key": "nps", "name": "NPS", "kind": "survey", "on_change": "keep_first"},
            "source.added",
        ),
        (Department, {"name": "Sales"}, "department.added"),
        (Product, {"prefix": "PAY", "name": "Payments", "is_open": "on"}, "product.added"),
        (ScoringModel, {"preset": "rice"}, "scoring_model.added"),
        (User, {"email": "new@example.com", "name": "New", "language": "en"}, "colleague.added"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_adding_calls_the_operation_which_leaves_its_event(
    model: type[Model], facts: dict[str, Any], kind: str, as_ada: Client, ada: User
) -> None:
    response = as_ada.post(address(model, "add"), facts)

    assert response.status_code == 302, errors(response)
    event = Event.objects.get(kind=kind)
    assert event.actor == ada
    assert event.subject_id == model._default_manager.latest("pk").pk


class TestAddingACustomer:
    def test_takes_an_address_with_it(self, as_mina: Client) -> None:
        facts = {"name": "Jane", "language": "en", "time_zone": "UTC", "email": "Jane@Example.org"}

        as_mina.post(address(Customer, "add"), facts)

        assert Customer.objects.get().contact_points.get().address == "jane@example.org"

    def test_says_why_it_was_refused_and_keeps_what_was_typed(self, as_mina: Client) -> None:
        backlog.ContactPointFactory.create(address="jane@example.org")
        facts = {"name": "Jane", "language": "en", "time_zone": "UTC", "email": "jane@example.org"}

        response = as_mina.post(address(Customer, "add"), facts)

        assert response.status_code == 200
        assert errors(response) == {"__all__": ["Another customer has this address."]}
        assert 'value="Jane"' in response.content.decode()
        assert not Customer.objects.filter(name="Jane").exists()
        assert not kinds()


class TestEditing:
    def test_calls_the_operation_with_what_changed(self, as_mina: Client, mina: User) -> None:
        account = backlog.AccountFactory.create(name="Old", segment="SMB")
        facts = {"name": "New", "kind": "customer", "segment": "SMB", "currency": "KRW"}

        submit(as_mina, address(Account, "change", account.pk), **facts)

        account.refresh_from_db()
        event = Event.objects.get()
        assert account.name == "New"
        assert (event.kind, event.actor, event.data) == (
            "account.edited",
            mina,
            {"changed": ["name"]},
        )

    def test_records_nothing_when_nothing_changed(self, as_mina: Client) -> None:
        account = backlog.AccountFactory.create(name="Same")
        facts = {"name": "Same", "kind": "customer", "currency": "KRW"}

        submit(as_mina, address(Account, "change", account.pk), **facts)

        assert not kinds()

    def test_leaves_no_second_record_beside_the_ledger(self, as_mina: Client) -> None:
        account = backlog.AccountFactory.create()
        facts = {"name": "A name", "kind": "customer", "currency": "KRW"}

        submit(as_mina, address(Account, "change", account.pk), **facts)
        as_mina.post(address(Account, "add"), facts)

        assert not LogEntry.objects.exists()

    def test_shows_as_history_what_the_ledger_has(self, as_mina: Client) -> None:
        account = backlog.AccountFactory.create(name="Old")
        facts = {"name": "New", "kind": "customer", "currency": "KRW"}
        submit(as_mina, address(Account, "change", account.pk), **facts)

        history = as_mina.get(address(Account, "history", account.pk), follow=True)

        assert [event.kind for event in history.context["cl"].result_list] == ["account.edited"]


class TestEditingARequest:
    def words(self, **changes: Any) -> dict[str, Any]:
        return {"title": "Pay faster", "problem": "It takes too long.", **changes}

    def test_changes_words_and_never_the_status(self, as_mina: Client) -> None:
        request = backlog.RequestFactory.create()
        page = address(CustomerRequest, "change", request.pk)

        submit(as_mina, page, **self.words(status="delivered"))

        request.refresh_from_db()
        assert (request.title, request.status) == ("Pay faster", "new")

    def test_refuses_when_somebody_else_edited_meanwhile(self, as_mina: Client) -> None:
        request = backlog.RequestFactory.create(title="As it was")
        page = address(CustomerRequest, "change", request.pk)
        shown = as_mina.get(page).context["adminform"].form["shown_as"].value()
        CustomerRequest.objects.filter(pk=request.pk).update(version=2, title="Theirs")

        response = submit(as_mina, page, **self.words(shown_as=shown))

        assert "meanwhile" in errors(response)["__all__"][0]
        assert errors(response)["title"] == ["By now it is: Theirs"]
        assert "Pay faster" in response.content.decode()
        request.refresh_from_db()
        assert request.title == "Theirs"

    def test_opens_one_at_the_bottom_of_its_board(self, as_mina: Client, mina: User) -> None:
        first = backlog.RequestFactory.create()

        as_mina.post(
            address(CustomerRequest, "add"), self.words(product=first.product_id, owner=mina.pk)
        )

        opened = CustomerRequest.objects.latest("pk")
        assert (opened.owner, opened.opened_by) == (mina, mina)
        assert str(opened.rank) > str(first.rank)
        assert kinds() == ["request.opened"]

    def test_shows_all_that_happened_to_it_as_history(self, as_mina: Client) -> None:
        event = backlog.EventFactory.create(subject_type="outcome", subject_id=1)
        page = address(CustomerRequest, "history", event.request_id)

        history = as_mina.get(page, follow=True)

        assert list(history.context["cl"].result_list) == [event]


class TestEditingASprint:
    def test_is_over_when_the_sprint_is_closed(self, as_mina: Client) -> None:
        sprint = backlog.SprintFactory.create(status="closed", started_at=NOON, closed_at=NOON)

        response = as_mina.post(address(Sprint, "change", sprint.pk), {"name": "Later"})

        assert response.status_code == 403


class TestEditingAColleague:
    def facts(self, **changes: Any) -> dict[str, Any]:
        known = {"name": "Noor", "language": "en", "time_zone": "UTC", "is_active": "on"}
        return {**known, "roles": [roles.COUNCIL_MEMBER], **changes}

    def test_sets_roles_and_department(self, as_ada: Client, noor: User) -> None:
        sales = people.DepartmentFactory.create(name="Sales")
        wanted = [roles.VIEWER, roles.SECRETARY]

        facts = self.facts(roles=wanted, department=sales.pk)
        submit(as_ada, address(User, "change", noor.pk), **facts)

        assert set(noor.groups.values_list("name", flat=True)) == set(wanted)
        assert noor.memberships.get().department == sales
        assert kinds() == ["colleague.edited", "colleague.roles_set", "department.joined"]

    def test_does_not_take_them_out_of_all_departments(self, as_ada: Client, noor: User) -> None:
        people.MembershipFactory.create(user=noor)

        response = submit(as_ada, address(User, "change", noor.pk), **self.facts(department=""))

        assert "department" in errors(response)

    def test_keeps_roles_that_were_not_touched(self, as_ada: Client, noor: User) -> None:
        submit(as_ada, address(User, "change", noor.pk), **self.facts(time_zone="Asia/Seoul"))

        assert noor.groups.get().name == roles.COUNCIL_MEMBER
        assert not kinds()


class TestIssuingAToken:
    def test_shows_the_secret_once_and_keeps_only_its_hash(
        self, as_ada: Client, ines: User
    ) -> None:
        facts = {"user": ines.pk, "name": "CRM", "scopes": ["read"], "days": "90"}

        response = as_ada.post(address(ApiToken, "add"), facts)

        secret = messages(response)[0].partition("<code>")[2].partition("</code>")[0]
        token = ApiToken.objects.get()
        assert len(secret) > 30
        assert secret not in (token.digest, token.token_key)
        assert (token.user, token.scopes) == (ines, ["read"])
        page = as_ada.get(address(ApiToken, "changelist")).content.decode()
        assert secret in page  # The message, shown here and then gone.
        assert secret not in as_ada.get(address(ApiToken, "changelist")).content.decode()


class TestFilingFeedback:
    @pytest.fixture
    def source(self, db: None) -> Source:
        return backlog.SourceFactory.create(key="calls", name="Calls")

    def facts(self, source: Source, **changes: Any) -> dict[str, Any]:
        said = {"said_at_0": "2026-03-01", "said_at_1": "10:30:00"}
        return {
            "source": source.pk,
            "verbatim": "환불이 너무 늦어요.",
            "language": "ko",
            "relation": "customer",
            **said,
            **changes,
        }

    def test_keeps_the_words_and_who_passed_them_on(
        self, as_mina: Client, mina: User, source: Source
    ) -> None:
        customer = backlog.CustomerFactory.create()

        as_mina.post(address(Feedback, "add"), self.facts(source, customer=customer.pk))

        row = Feedback.objects.get()
        assert (row.verbatim, row.customer, row.filed_by) == (
            "환불이 너무 늦어요.",
            customer,
            mina,
        )
        assert localize(row.said_at.astimezone().date()) == localize(row.said_at.date())
        assert "feedback.received" in kinds()

    def test_makes_a_new_customer_from_name_and_address(
        self, as_mina: Client, source: Source
    ) -> None:
        who = {"customer_name": "이지은", "customer_email": "jieun@example.org"}

        as_mina.post(address(Feedback, "add"), self.facts(source, **who))

        customer = Customer.objects.get()
        assert Feedback.objects.get().customer == customer
        assert (customer.name, customer.language) == ("이지은", "ko")

    def test_finds_the_customer_who_has_the_address(self, as_mina: Client, source: Source) -> None:
        known = backlog.ContactPointFactory.create(address="jieun@example.org").customer

        as_mina.post(
            address(Feedback, "add"), self.facts(source, customer_email="Jieun@example.org")
        )

        assert Feedback.objects.get().customer == known
        assert Customer.objects.count() == 1

    @pytest.mark.parametrize(
        "typed", ["A Name <jieun@Example.org>", "mailto:jieun@example.org", "jieun＠example.org;"]
    )
    def test_reads_an_address_however_it_is_typed(
        self, typed: str, as_mina: Client, source: Source
    ) -> None:
        as_mina.post(address(Feedback, "add"), self.facts(source, customer_email=typed))

        assert Customer.objects.get().contact_points.get().address == "jieun@example.org"

    def test_lets_a_customer_who_is_chosen_learn_an_address(
        self, as_mina: Client, source: Source
    ) -> None:
        customer = backlog.CustomerFactory.create()
        who = {"customer": customer.pk, "customer_email": "jieun@example.org"}

        as_mina.post(address(Feedback, "add"), self.facts(source, **who))

        assert customer.contact_points.get().address == "jieun@example.org"

    def test_asks_again_when_the_address_is_another_customers(
        self, as_mina: Client, source: Source
    ) -> None:
        backlog.ContactPointFactory.create(address="jieun@example.org")
        customer = backlog.CustomerFactory.create()
        who = {"customer": customer.pk, "customer_email": "jieun@example.org"}

        response = as_mina.post(address(Feedback, "add"), self.facts(source, **who))

        assert "Another customer" in errors(response)["customer_email"][0]
        assert "환불이 너무 늦어요." in response.content.decode()
        assert not Feedback.objects.exists()

    def test_stores_neither_words_nor_customer_when_the_source_is_switched_off(
        self, as_mina: Client, source: Source
    ) -> None:
        Source.objects.update(is_active=False)

        response = as_mina.post(
            address(Feedback, "add"), self.facts(source, customer_email="jieun@example.org")
        )

        assert "switched off" in errors(response)["__all__"][0]
        assert "환불이 너무 늦어요." in response.content.decode()
        assert not Customer.objects.exists()
        assert not Feedback.objects.exists()

    def test_is_open_to_every_employee_though_they_see_no_customers(
        self, as_omar: Client, omar: User, source: Source
    ) -> None:
        page = as_omar.get(address(Feedback, "add")).content.decode()

        as_omar.post(address(Feedback, "add"), self.facts(source, customer_name="Jane"))

        assert 'name="customer"' not in page
        assert Feedback.objects.get().filed_by == omar


class TestAProduct:
    def test_leads_to_its_changelog_where_it_has_one(self, as_mina: Client) -> None:
        told = backlog.ProductFactory.create(prefix="PAY", has_public_changelog=True)
        silent = backlog.ProductFactory.create()

        pages = [as_mina.get(f"/admin/backlog/product/{row.pk}/change/") for row in (told, silent)]

        assert "/changelog/?product=PAY" in pages[0].content.decode()
        assert "/changelog/" not in pages[1].content.decode()
