"""What holds for every noun: its pages open, cost the same for many rows, and delete nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from backlog.admin.framework.nouns import CappedPaginator, NounAdmin
from backlog.models import ApiToken, Customer, ImportRun, User
from council.models import Seal
from tests.backlog.admin.pages import address, is_open, looking
from tests.conftest import SameQueries
from tests.factories import NOON, backlog, council, people

NOUNS = sorted(admin.site._registry, key=lambda model: model._meta.label)
BY_LABEL = {model._meta.label: model for model in NOUNS}


def an_import(owner: User, number: int) -> Model:
    source = backlog.SourceFactory.create()
    return ImportRun.objects.create(source=source, file_name=f"{number}.csv", started_at=NOON)


def a_seal(owner: User, number: int) -> Model:
    return Seal.objects.create(
        council=council.CouncilFactory.create(),
        number=1,
        subject_type="decision",
        subject_id=number,
        content={},
        digest=f"{number:064}",
        sealed_at=NOON,
    )


def a_token(owner: User, number: int) -> Model:
    token: Model = ApiToken.objects.create(people.UserFactory.create(), name="CRM")[0]
    return token


def by(factory: Any, **facts: Any) -> Callable[[User, int], Model]:
    return lambda owner, number: factory.create(**facts)


# Each row comes with what its page shows beside it.
MAKE: dict[str, Callable[[User, int], Model]] = {
    "backlog.Account": by(backlog.AccountFactory),
    "backlog.ApiToken": a_token,
    "backlog.Assessment": lambda owner, number: backlog.AssessmentFactory.create(assessor=owner),
    "backlog.Commitment": lambda owner, number: backlog.OutcomeFactory.create().commitment,
    "backlog.ContactPoint": by(backlog.ContactPointFactory),
    "backlog.Customer": lambda owner, number: backlog.ContactPointFactory.create().customer,
    "backlog.CustomerRequest": lambda owner, number: backlog.EvidenceFactory.create().request,
    "backlog.WebhookDelivery": by(backlog.WebhookDeliveryFactory),
    "backlog.Department": lambda owner, number: people.MembershipFactory.create().department,
    "backlog.Endpoint": lambda owner, number: backlog.WebhookDeliveryFactory.create().endpoint,
    "backlog.Event": by(backlog.EventFactory),
    "backlog.Evidence": by(backlog.EvidenceFactory),
    "backlog.Feedback": lambda owner, number: backlog.EvidenceFactory.create().feedback,
    "backlog.ImportRun": an_import,
    "backlog.MessageTemplate": by(backlog.MessageTemplateFactory),
    "backlog.StatusUpdate": by(backlog.StatusUpdateFactory),
    "backlog.Notice": lambda owner, number: backlog.NoticeItemFactory.create().notice,
    "backlog.Obligation": lambda owner, number: backlog.NoticeItemFactory.create().obligation,
    "backlog.Outcome": lambda owner, number: backlog.MeasurementFactory.create().outcome,
    "backlog.Product": by(backlog.ProductFactory),
    "backlog.Reply": by(backlog.ReplyFactory),
    "backlog.ScoringModel": lambda owner, number: backlog.CriterionFactory.create().model,
    "backlog.Source": by(backlog.SourceFactory),
    "backlog.Sprint": lambda owner, number: backlog.CommitmentFactory.create().sprint,
    "backlog.User": lambda owner, number: people.MembershipFactory.create().user,
    "council.ActionItem": by(council.ActionItemFactory),
    "council.AgendaItem": by(council.AgendaItemFactory),
    "council.Ballot": lambda owner, number: council.StanceFactory.create().ballot,
    "council.Council": lambda owner, number: council.SeatFactory.create().council,
    "council.Decision": by(council.DecisionFactory),
    "council.Meeting": lambda owner, number: council.AgendaItemFactory.create().meeting,
    "council.Seal": a_seal,
    "council.Seat": lambda owner, number: council.SeatTermFactory.create().seat,
}

# One more of what a page lists below its fields.
ONE_MORE: dict[str, Callable[[Any], object]] = {
    "backlog.Commitment": lambda it: backlog.OutcomeFactory.create(commitment=it, is_current=False),
    "backlog.Customer": lambda it: backlog.ContactPointFactory.create(customer=it),
    "backlog.CustomerRequest": lambda it: backlog.EvidenceFactory.create(request=it),
    "backlog.Department": lambda it: people.MembershipFactory.create(department=it),
    "backlog.Endpoint": lambda it: backlog.WebhookDeliveryFactory.create(endpoint=it),
    "backlog.Feedback": lambda it: backlog.EvidenceFactory.create(feedback=it),
    "backlog.Notice": lambda it: backlog.NoticeItemFactory.create(notice=it),
    "backlog.Obligation": lambda it: backlog.NoticeItemFactory.create(obligation=it, is_live=False),
    "backlog.Outcome": lambda it: backlog.MeasurementFactory.create(outcome=it),
    "backlog.ScoringModel": lambda it: backlog.CriterionFactory.create(model=it),
    "backlog.Sprint": lambda it: backlog.CommitmentFactory.create(sprint=it),
    "backlog.User": lambda it: people.MembershipFactory.create(user=it, ends_on=NOON.date()),
    "council.Ballot": lambda it: council.StanceFactory.create(ballot=it),
    "council.Council": lambda it: council.SeatFactory.create(council=it),
    "council.Meeting": lambda it: council.AgendaItemFactory.create(meeting=it),
    "council.Seat": lambda it: council.SeatTermFactory.create(seat=it, ends_on=NOON.date()),
}

NAMING_CUSTOMERS = [
    f"backlog.{noun}"
    for noun in (
        "ContactPoint",
        "Customer",
        "Evidence",
        "Feedback",
        "Notice",
        "Obligation",
        "Reply",
    )
]

every_noun = pytest.mark.parametrize("label", BY_LABEL)


def model_admin(label: str) -> Any:
    return admin.site._registry[BY_LABEL[label]]


@pytest.fixture
def root(db: None, client: Client) -> User:
    """Somebody who may do everything, signed in."""
    user = people.UserFactory.create(name="Root", is_staff=True, is_superuser=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_every_noun_has_rows_to_test_with() -> None:
    assert set(MAKE) == set(BY_LABEL)


@every_noun
def test_the_list_costs_the_same_for_one_row_and_for_eleven(
    label: str, root: User, client: Client, queries: SameQueries
) -> None:
    row = MAKE[label](root, 0)
    client.get(
        address(BY_LABEL[label], "changelist")
    )  # Warms what is cached once for all requests.
    with queries() as few:
        response = client.get(address(BY_LABEL[label], "changelist"))
    assert response.status_code == 200
    assert address(BY_LABEL[label], "change", row.pk) in response.content.decode()

    for number in range(1, 11):
        MAKE[label](root, number)
    with queries() as many:
        response = client.get(address(BY_LABEL[label], "changelist"))

    assert len(response.context["cl"].result_list) >= 11
    assert len(many) == len(few)


@pytest.mark.parametrize("label", NAMING_CUSTOMERS)
def test_the_list_costs_the_same_for_customers_without_a_name(
    label: str, root: User, client: Client, queries: SameQueries
) -> None:
    page = address(BY_LABEL[label], "changelist")
    costs = []
    for numbers in (range(1), range(1, 11)):
        for number in numbers:
            MAKE[label](root, number)
        Customer.objects.update(name="")
        client.get(page)
        with queries() as cost:
            client.get(page)
        costs.append(len(cost))

    assert costs[0] == costs[1]


@every_noun
def test_a_page_costs_the_same_with_more_rows_beside_it(
    label: str, root: User, client: Client, queries: SameQueries
) -> None:
    row = MAKE[label](root, 0)
    page = address(BY_LABEL[label], "change", row.pk)
    assert client.get(page).status_code == 200
    with queries() as few:
        client.get(page)

    for number in range(1, 11):
        MAKE[label](root, number)
    with queries() as many:
        client.get(page)

    assert len(many) == len(few)


@pytest.mark.parametrize("label", ONE_MORE)
def test_a_page_costs_the_same_with_more_rows_below_its_fields(
    label: str, root: User, client: Client, queries: SameQueries
) -> None:
    row = MAKE[label](root, 0)
    page = address(BY_LABEL[label], "change", row.pk)
    client.get(page)
    with queries() as few:
        client.get(page)

    for _ in range(5):
        ONE_MORE[label](row)
    with queries() as many:
        client.get(page)

    assert len(many) == len(few)


@every_noun
def test_search_works(label: str, root: User) -> None:
    MAKE[label](root, 0)

    response: Any = model_admin(label).changelist_view(looking(root, "?q=느린+결제+slow"))

    assert list(response.context_data["cl"].result_list) == []


@every_noun
def test_nothing_can_be_deleted_even_by_somebody_who_may_do_everything(
    label: str, root: User, client: Client
) -> None:
    row = MAKE[label](root, 0)

    response = client.post(address(BY_LABEL[label], "delete", row.pk), {"post": "yes"})

    assert response.status_code == 403
    assert "delete_selected" not in model_admin(label).get_actions(looking(root))
    assert BY_LABEL[label]._default_manager.filter(pk=row.pk).exists()


@every_noun
def test_something_can_be_added_exactly_where_an_operation_adds(label: str, root: User) -> None:
    adds = type(model_admin(label)).add_row is not NounAdmin.add_row or label == "backlog.ApiToken"

    assert bool(model_admin(label).to_add) == adds
    assert is_open(model_admin(label).add_view, root) == adds


@every_noun
def test_the_rows_of_a_list_are_in_a_total_order(label: str, root: User) -> None:
    assert str(model_admin(label).ordering[-1]).lstrip("-") in ("pk", "version")


class TestCappedPaginator:
    @pytest.fixture(autouse=True)
    def rows(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(CappedPaginator, "CAP", 5)
        backlog.CustomerFactory.create_batch(7)

    def test_counts_a_list_up_to_the_cap(self) -> None:
        first = Customer.objects.order_by("pk")[:5]
        few = Customer.objects.filter(pk__in=[row.pk for row in first]).order_by("pk")

        paginator = CappedPaginator(few, 2)

        assert (paginator.count, paginator.num_pages) == (5, 3)
        assert "default" in paginator.template_name

    def test_does_not_count_further_and_still_reaches_the_last_row(self) -> None:
        paginator = CappedPaginator(Customer.objects.order_by("pk"), 2)

        assert paginator.count == CappedPaginator.UNCOUNTED
        assert "infinite" in paginator.template_name
        assert len(paginator.page(4).object_list) == 1

    def test_reads_no_more_rows_than_the_cap_to_count(self, queries: SameQueries) -> None:
        with queries() as made:
            _ = CappedPaginator(Customer.objects.order_by("pk"), 2).count

        assert len(made) == 1
        assert "LIMIT 6" in made[0]["sql"]


class TestReadable:
    def test_shows_hangul_as_hangul_and_texts_by_language(self, root: User, client: Client) -> None:
        outcome = backlog.OutcomeFactory.create(summary={"ko": "두 번만 누릅니다.", "en": "<b>"})

        page = client.get(address(BY_LABEL["backlog.Outcome"], "change", outcome.pk))

        text = page.content.decode()
        assert "두 번만 누릅니다." in text
        assert "<b>한국어</b>" in text
        assert "&lt;b&gt;" in text

    def test_shows_other_json_as_it_is(self, root: User, client: Client) -> None:
        event = backlog.EventFactory.create(data={"이유": ["a", 1]})

        page = client.get(address(BY_LABEL["backlog.Event"], "change", event.pk))

        assert "이유" in page.content.decode()
