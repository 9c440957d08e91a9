"""Roles become permissions, and closed products stay closed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from backlog.models import (
    Account,
    Commitment,
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    Feedback,
    Identity,
    ImportRun,
    Notice,
    Obligation,
    Outcome,
    Product,
    ProductGrant,
    Reply,
    Sprint,
    User,
)
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories.people import UserFactory


class TestRoleBackend:
    def test_allows_what_the_roles_of_a_person_allow(self, mina: User, omar: User) -> None:
        assert mina.has_perm("backlog.move_request")
        assert omar.has_perm("backlog.view_customerrequest")
        assert not omar.has_perm("backlog.move_request")

    def test_allows_nothing_to_strangers(self, db: None) -> None:
        assert not AnonymousUser().has_perm("backlog.view_customerrequest")
        assert not UserFactory.create().has_perm("backlog.view_customerrequest")

    def test_allows_nothing_to_those_who_left(self, mina: User) -> None:
        mina.is_active = False
        assert not mina.has_perm("backlog.move_request")
        assert not mina.has_module_perms("backlog")

    def test_says_nothing_about_single_rows(self, mina: User) -> None:
        assert not mina.has_perm("backlog.move_request", make.RequestFactory.create())

    def test_opens_the_apps_of_which_anything_is_allowed(self, omar: User) -> None:
        assert omar.has_module_perms("backlog")
        assert omar.has_module_perms("council")
        assert not omar.has_module_perms("auth")
        assert not UserFactory.create().has_module_perms("backlog")

    def test_reads_the_roles_once(self, mina: User, queries: SameQueries) -> None:
        assert not mina.has_perm("backlog.manage_people")
        with queries() as made:
            assert mina.has_perm("backlog.open_request")
            assert not mina.has_perm("backlog.manage_sources")
        assert len(made) == 0

    def test_reads_nothing_but_the_roles(self, mina: User, queries: SameQueries) -> None:
        with queries() as made:
            assert not mina.has_perm("backlog.manage_people")
        assert len(made) == 1

    def test_is_contradicted_by_no_permission_row(self, omar: User) -> None:
        row = Permission.objects.get(codename="view_customer")
        omar.user_permissions.add(row)
        omar.groups.get().permissions.add(row)

        assert not User.objects.get(pk=omar.pk).has_perm("backlog.view_customer")


OF_A_PRODUCT = [
    Product,
    CustomerRequest,
    Feedback,
    Evidence,
    Sprint,
    Commitment,
    Outcome,
    Event,
    Obligation,
    Reply,
]


def fill(product: Product) -> None:
    """One row of each kind that belongs to a product."""
    request = make.RequestFactory.create(product=product)
    feedback = make.FeedbackFactory.create(product=product)
    make.EvidenceFactory.create(request=request, feedback=feedback)
    sprint = make.SprintFactory.create(product=product)
    commitment = make.CommitmentFactory.create(sprint=sprint, request=request)
    make.OutcomeFactory.create(commitment=commitment)
    event = make.EventFactory.create(request=request)
    make.ReplyFactory.create(obligation=make.ObligationFactory.create(event=event))


@pytest.mark.parametrize("model", OF_A_PRODUCT)
class TestVisibleTo:
    def test_shows_what_belongs_to_an_open_product(self, model: Any, mina: User) -> None:
        fill(make.ProductFactory.create())
        assert model.objects.visible_to(mina).count() == 1

    def test_hides_what_belongs_to_a_closed_one(self, model: Any, mina: User) -> None:
        closed = make.ProductFactory.create(is_open=False)
        fill(closed)
        ProductGrant.objects.create(product=closed, user=UserFactory.create())
        assert not model.objects.visible_to(mina).exists()

    def test_shows_a_closed_one_to_those_it_was_granted(self, model: Any, mina: User) -> None:
        closed = make.ProductFactory.create(is_open=False)
        fill(closed)
        ProductGrant.objects.create(product=closed, user=mina)
        ProductGrant.objects.create(product=closed, user=UserFactory.create())
        assert model.objects.visible_to(mina).count() == 1

    def test_shows_everything_to_a_superuser(self, model: Any, db: None) -> None:
        fill(make.ProductFactory.create(is_open=False))
        assert model.objects.visible_to(UserFactory.create(is_superuser=True)).count() == 1

    def test_shows_nothing_without_a_role(self, model: Any, db: None) -> None:
        fill(make.ProductFactory.create())
        assert not model.objects.visible_to(UserFactory.create()).exists()
        assert not model.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("model", [Account, Customer, Notice, Obligation])
def test_who_may_not_know_customers_sees_none_of_them(model: Any, omar: User) -> None:
    make.NoticeItemFactory.create()
    make.AccountFactory.create()
    assert model.objects.exists()
    assert not model.objects.visible_to(omar).exists()


def test_words_about_no_product_are_for_everybody_who_may_read_words(omar: User) -> None:
    make.FeedbackFactory.create(product=None)
    assert Feedback.objects.visible_to(omar).count() == 1


def test_words_of_a_product_that_was_closed_are_gone_from_other_requests_too(mina: User) -> None:
    words = make.FeedbackFactory.create(product=make.ProductFactory.create(is_open=False))
    make.EvidenceFactory.create(feedback=words)
    assert not Evidence.objects.visible_to(mina).exists()


def test_a_message_is_for_those_who_see_all_that_it_tells(mina: User) -> None:
    closed = make.ProductFactory.create(is_open=False)
    event = make.EventFactory.create(request=make.RequestFactory.create(product=closed))
    item = make.NoticeItemFactory.create()
    make.NoticeItemFactory.create(notice=item.notice, obligation__event=event)
    assert not Notice.objects.visible_to(mina).exists()

    ProductGrant.objects.create(product=closed, user=mina)
    assert Notice.objects.visible_to(mina).count() == 1


def test_a_message_that_tells_nothing_of_a_product_is_for_all_who_see_messages(mina: User) -> None:
    make.NoticeFactory.create()
    assert Notice.objects.visible_to(mina).count() == 1


@pytest.mark.parametrize("noun", ["product", "sprint", "source", "feedback"])
def test_events_that_name_no_request_are_hidden_with_their_product(noun: str, mina: User) -> None:
    closed = make.ProductFactory.create(is_open=False)
    rows: dict[str, Callable[[], Any]] = {
        "product": lambda: closed,
        "sprint": lambda: make.SprintFactory.create(product=closed),
        "source": lambda: make.SourceFactory.create(product=closed),
        "feedback": lambda: make.FeedbackFactory.create(product=closed),
    }
    make.EventFactory.create(request=None, subject_type=noun, subject_id=rows[noun]().pk)
    make.EventFactory.create(request=None, subject_type="colleague", subject_id=closed.pk)

    assert [it.subject_type for it in Event.objects.visible_to(mina)] == ["colleague"]


def test_events_about_no_request_are_for_everybody_who_may_read_events(omar: User) -> None:
    make.EventFactory.create(request=None, subject_id=7)
    assert Event.objects.visible_to(omar).count() == 1


def _identity(product: Product) -> Identity:
    source, customer = make.SourceFactory.create(product=product), make.CustomerFactory.create()
    return Identity.objects.create(source=source, customer=customer, external_id="u1")


def _import_run(product: Product) -> ImportRun:
    source = make.SourceFactory.create(product=product)
    return ImportRun.objects.create(source=source, file_name="a.csv", started_at=NOON)


@pytest.mark.parametrize(
    "belonging_to",
    [
        lambda product: make.FeedbackFactory.create(source__product=product),
        lambda product: make.WebhookDeliveryFactory.create(endpoint__product=product),
        lambda product: make.MessageTemplateFactory.create(product=product),
        _identity,
        _import_run,
    ],
    ids=["feedback", "delivery", "template", "identity", "import"],
)
def test_what_hangs_on_a_closed_product_by_another_row_is_as_closed(
    belonging_to: Callable[[Product], Any], ada: User
) -> None:
    closed = make.ProductFactory.create(is_open=False)
    rows = type(belonging_to(closed)).objects

    assert not rows.visible_to(ada).exists()

    ProductGrant.objects.create(product=closed, user=ada)
    assert rows.visible_to(ada).exists()
