from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backlog.models import CustomerRequest, User
from council.models import ActionItem, AgendaItem, Council, Decision, Meeting, Seat
from tests.factories import backlog, council, people

COUNCILS = "/api/v1/councils/"
SEATS = "/api/v1/seats/"
MEETINGS = "/api/v1/meetings/"
AGENDA = "/api/v1/agenda-items/"
DECISIONS = "/api/v1/decisions/"
ACTIONS = "/api/v1/action-items/"

FIGURES = {"title": "Figures", "kind": "inform"}

Acting = Callable[[User], APIClient]


@pytest.fixture
def slow(db: None) -> CustomerRequest:
    made: CustomerRequest = backlog.RequestFactory.create(product__prefix="PAY", number=1)
    return made


@pytest.fixture
def customers_council(slow: CustomerRequest, sora: User, ada: User) -> Council:
    made: Council = council.CouncilFactory.create(chair=ada, secretary=sora)
    made.products.add(slow.product)
    return made


@pytest.fixture
def meeting(customers_council: Council) -> Meeting:
    made: Meeting = council.MeetingFactory.create(council=customers_council)
    return made


@pytest.fixture
def secretary(sora: User, acting: Acting) -> APIClient:
    return acting(sora)


def _pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.data
    return [fault["pointer"] for fault in answer.json()["errors"]]


class TestCouncils:
    def test_are_founded_seated_and_staffed(
        self, ada: User, noor: User, slow: CustomerRequest, acting: Acting
    ) -> None:
        api = acting(ada)
        people.DepartmentFactory.create(name="Sales")
        said = {
            "name": "Customers' council",
            "products": ["PAY"],
            "chair": "ada@example.com",
            "secretary": ada.pk,
        }

        founded = api.post(COUNCILS, said, format="json")
        assert founded.status_code == 201, founded.data
        assert founded.data["products"][0]["prefix"] == "PAY"

        seat = api.post(SEATS, {"council": founded.data["id"], "department": "Sales"})
        assert (seat.status_code, seat.data["department"]["name"]) == (201, "Sales")

        filled = api.post(f"{SEATS}{seat.data['id']}/appoint/", {"user": "noor@example.com"})
        assert [term["user"]["name"] for term in filled.data["terms"]] == ["Noor"]

        emptied = api.post(f"{SEATS}{seat.data['id']}/vacate/")
        assert emptied.data["terms"][0]["ends_on"] is not None

        edited = api.patch(
            f"{COUNCILS}{founded.data['id']}/",
            {"name": "Council", "products": []},
            format="json",
            headers={"if-match": "*"},
        )
        assert (edited.data["name"], edited.data["products"]) == ("Council", [])

    def test_give_a_department_one_vote(
        self, ada: User, customers_council: Council, acting: Acting
    ) -> None:
        department = people.DepartmentFactory.create()
        said = {"council": customers_council.pk, "department": department.pk}
        acting(ada).post(SEATS, said)

        answer = acting(ada).post(SEATS, said)

        assert (answer.status_code, answer.json()["code"]) == (409, "seat_taken")
        assert Seat.objects.count() == 1

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [({}, "#/council"), ({"title": "Advocate"}, "#/department")],
    )
    def test_point_at_what_is_wrong(
        self,
        said: dict[str, Any],
        pointer: str,
        ada: User,
        customers_council: Council,
        acting: Acting,
    ) -> None:
        wanted = {"council": customers_council.pk} | said if said else {}

        assert _pointers(acting(ada).post(SEATS, wanted, format="json")) == [pointer]

    def test_are_managed_by_admins_only(self, secretary: APIClient) -> None:
        seat = council.SeatFactory.create()

        assert secretary.post(COUNCILS, {}).status_code == 403
        assert secretary.patch(f"{COUNCILS}{seat.council.pk}/", {}).status_code == 403
        assert secretary.post(SEATS, {}).status_code == 403
        assert secretary.post(f"{SEATS}{seat.pk}/appoint/", {}).status_code == 403
        assert secretary.post(f"{SEATS}{seat.pk}/vacate/", {}).status_code == 403


class TestMeetings:
    def test_are_scheduled_started_and_ended(
        self, secretary: APIClient, customers_council: Council
    ) -> None:
        said = {
            "council": customers_council.pk,
            "title": "March",
            "starts_at": "2096-03-10T10:00:00+09:00",
        }
        planned = secretary.post(MEETINGS, said)
        assert planned.status_code == 201, planned.data
        assert (planned.data["starts_at"], planned.data["minutes"]) == ("2096-03-10T01:00:00Z", 60)
        address = f"{MEETINGS}{planned.data['id']}/"
        early = secretary.post(f"{address}start/")
        assert (early.status_code, early.json()["code"]) == (409, "meeting_too_early")
        Meeting.objects.update(starts_at=timezone.now())

        topic = secretary.post(AGENDA, {"meeting": planned.data["id"], **FIGURES})
        item = secretary.post(AGENDA, {"meeting": planned.data["id"], "request": "PAY-1"})
        assert (topic.data["position"], item.data["request"]["key"]) == (1, "PAY-1")

        assert secretary.post(f"{address}start/").data["status"] == "in_session"
        assert secretary.post(f"{address}end/").data["status"] == "minutes_draft"
        rows = secretary.get(f"{AGENDA}?meeting={planned.data['id']}&ordering=position").data
        assert [row["status"] for row in rows["results"]] == ["informed", "deferred"]

    def test_say_who_is_there(
        self, secretary: APIClient, meeting: Meeting, noor: User, acting: Acting
    ) -> None:
        seat, away = council.SeatFactory.create_batch(2, council=meeting.council)
        council.SeatTermFactory.create(seat=seat, user=noor)
        Meeting.objects.update(starts_at=timezone.now())
        address = f"{MEETINGS}{meeting.pk}/"

        came = acting(noor).post(f"{address}attend/")
        assert came.status_code == 200, came.data
        assert [row["capacity"] for row in came.data["attendances"]] == ["holder"]

        proxy = secretary.post(f"{address}attend/", {"user": noor.email, "seat": away.pk})
        assert [row["seat"] for row in proxy.data["attendances"]] == [seat.pk, away.pk]

        refused = acting(noor).post(f"{address}leave/", {"user": meeting.council.secretary_id})
        assert refused.json()["code"] == "not_yours_to_say"

        left = acting(noor).post(f"{address}leave/")
        assert None not in [row["left_at"] for row in left.data["attendances"]]

    def test_are_called_off_with_a_reason(self, secretary: APIClient, meeting: Meeting) -> None:
        address = f"{MEETINGS}{meeting.pk}/cancel/"

        assert _pointers(secretary.post(address, {})) == ["#/reason"]
        assert secretary.post(address, {"reason": "Holiday."}).data["status"] == "cancelled"

    def test_that_are_over_are_not_called_off(self, secretary: APIClient, meeting: Meeting) -> None:
        secretary.post(f"{MEETINGS}{meeting.pk}/start/")

        answer = secretary.post(f"{MEETINGS}{meeting.pk}/cancel/", {"reason": "Holiday."})

        assert (answer.status_code, answer.json()["code"]) == (409, "meeting_begun")

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"starts_at": "2096-03-10T10:00:00"}, "#/starts_at"),
            ({"minutes": 4}, "#/minutes"),
            ({"council": "Council"}, "#/council"),
            ({"title": " "}, "#/title"),
        ],
    )
    def test_point_at_what_is_wrong(
        self,
        change: dict[str, Any],
        pointer: str,
        secretary: APIClient,
        customers_council: Council,
    ) -> None:
        said = {
            "council": customers_council.pk,
            "title": "March",
            "starts_at": "2096-03-10T10:00:00Z",
        }

        assert _pointers(secretary.post(MEETINGS, said | change)) == [pointer]

    def test_are_run_by_secretaries_only(
        self, noor: User, acting: Acting, meeting: Meeting
    ) -> None:
        item = council.AgendaItemFactory.create(meeting=meeting)

        for below in ("start", "end", "cancel"):
            assert acting(noor).post(f"{MEETINGS}{meeting.pk}/{below}/").status_code == 403
        assert acting(noor).post(MEETINGS, {}).status_code == 403
        assert acting(noor).post(AGENDA, {}).status_code == 403
        assert acting(noor).post(f"{AGENDA}{item.pk}/withdraw/").status_code == 403


class TestAgendaItems:
    def test_are_put_on_once_and_taken_off(self, secretary: APIClient, meeting: Meeting) -> None:
        said = {"meeting": meeting.pk, "request": "PAY-1"}
        item = secretary.post(AGENDA, said)

        again = secretary.post(AGENDA, said)
        assert (again.status_code, again.json()["code"]) == (409, "already_on_agenda")

        taken_off = secretary.post(f"{AGENDA}{item.data['id']}/withdraw/")
        assert taken_off.data["status"] == "withdrawn"

    def test_name_a_request_or_a_topic(self, secretary: APIClient, meeting: Meeting) -> None:
        assert _pointers(secretary.post(AGENDA, {"meeting": meeting.pk})) == ["#/title"]
        assert not AgendaItem.objects.exists()


class TestDecisions:
    def _said(self, customers_council: Council) -> dict[str, Any]:
        return {
            "council": customers_council.pk,
            "request": "PAY-1",
            "verdict": "approve",
            "rationale": "Many customers asked.",
        }

    def test_move_the_request_and_freeze_what_was_known(
        self, secretary: APIClient, customers_council: Council
    ) -> None:
        answer = secretary.post(DECISIONS, self._said(customers_council), format="json")

        assert answer.status_code == 201, answer.data
        assert answer.data["status"] == "in_effect"
        assert answer.data["frozen"]
        assert secretary.get("/api/v1/requests/PAY-1/").data["status"] == "approved"
        found = secretary.get(f"{DECISIONS}?request=PAY-1&verdict=approve").data["results"]
        assert [row["id"] for row in found] == [answer.data["id"]]

    def test_are_taken_by_those_with_a_place_only(
        self, noor: User, omar: User, acting: Acting, customers_council: Council
    ) -> None:
        said = self._said(customers_council)

        without_role = acting(omar).post(DECISIONS, said, format="json")
        assert without_role.status_code == 403

        without_seat = acting(noor).post(DECISIONS, said, format="json")
        assert (without_seat.status_code, without_seat.json()["code"]) == (409, "not_seated")
        assert not Decision.objects.exists()

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"verdict": "perhaps"}, "#/verdict"),
            ({"rationale": ""}, "#/rationale"),
            ({"verdict": "defer"}, "#/review_on"),
            ({"verdict": "defer", "review_on": "2020-01-01"}, "#/review_on"),
            ({"request": "PAY-404"}, "#/request"),
            ({"agenda_item": 404}, "#/agenda_item"),
            ({"options": "wait"}, "#/options"),
        ],
    )
    def test_point_at_what_is_wrong(
        self,
        change: dict[str, Any],
        pointer: str,
        secretary: APIClient,
        customers_council: Council,
    ) -> None:
        said = self._said(customers_council) | change

        assert _pointers(secretary.post(DECISIONS, said, format="json")) == [pointer]

    def test_point_at_an_agenda_item_about_something_else(
        self, secretary: APIClient, customers_council: Council, meeting: Meeting
    ) -> None:
        other = council.AgendaItemFactory.create(meeting=meeting)
        said = self._said(customers_council) | {"agenda_item": other.pk}

        assert _pointers(secretary.post(DECISIONS, said, format="json")) == ["#/agenda_item"]

    def test_are_never_edited(self, secretary: APIClient) -> None:
        decision = council.DecisionFactory.create()

        assert secretary.patch(f"{DECISIONS}{decision.pk}/", {}).status_code == 405

    def test_on_what_the_caller_may_not_see_are_not_there(self, secretary: APIClient) -> None:
        hidden = council.DecisionFactory.create(
            request=backlog.RequestFactory.create(product__is_open=False)
        )

        assert secretary.get(f"{DECISIONS}{hidden.pk}/").status_code == 404


class TestActionItems:
    @pytest.fixture
    def owed(self, customers_council: Council, omar: User) -> ActionItem:
        made: ActionItem = council.ActionItemFactory.create(council=customers_council, owner=omar)
        return made

    def test_are_assigned(self, secretary: APIClient, omar: User, meeting: Meeting) -> None:
        said = {
            "council": meeting.council.pk,
            "title": "Call the bank",
            "owner": "omar@example.com",
            "due_on": str(timezone.localdate() + timedelta(days=7)),
            "request": "PAY-1",
        }

        answer = secretary.post(ACTIONS, said)

        assert answer.status_code == 201, answer.data
        assert (answer.data["owner"]["name"], answer.data["request"]["key"]) == ("Omar", "PAY-1")
        assert len(secretary.get(f"{ACTIONS}?owner={omar.pk}&request=PAY-1").data["results"]) == 1

    def test_are_claimed_reopened_and_verified(
        self, secretary: APIClient, omar: User, acting: Acting, owed: ActionItem
    ) -> None:
        address = f"{ACTIONS}{owed.pk}/"
        claim = {"evidence": "The bank answered."}

        assert acting(omar).post(f"{address}claim-done/", claim).data["status"] == "claimed_done"
        reopened = secretary.post(f"{address}reopen/", {"reason": "In writing, please."})
        assert reopened.data["status"] == "reopened"
        acting(omar).post(f"{address}claim-done/", claim)
        assert secretary.post(f"{address}verify/").data["status"] == "verified"

    def test_are_claimed_by_their_owner_only(self, secretary: APIClient, owed: ActionItem) -> None:
        answer = secretary.post(f"{ACTIONS}{owed.pk}/claim-done/", {"evidence": "Seen."})

        assert (answer.status_code, answer.json()["code"]) == (409, "not_the_owner")

    def test_are_cancelled_with_a_reason(self, secretary: APIClient, owed: ActionItem) -> None:
        assert _pointers(secretary.post(f"{ACTIONS}{owed.pk}/cancel/", {})) == ["#/reason"]
        cancelled = secretary.post(f"{ACTIONS}{owed.pk}/cancel/", {"reason": "No need."})
        assert cancelled.data["status"] == "cancelled"

    def test_are_judged_by_the_council_only(
        self, omar: User, acting: Acting, owed: ActionItem
    ) -> None:
        for below in ("verify", "reopen", "cancel"):
            assert acting(omar).post(f"{ACTIONS}{owed.pk}/{below}/").status_code == 403
        assert acting(omar).post(ACTIONS, {}).status_code == 403


class TestTheTimeOfAMeeting:
    @pytest.mark.parametrize("starts_at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
    def test_is_one_that_every_calendar_can_show(
        self, secretary: APIClient, customers_council: Council, starts_at: str
    ) -> None:
        body = {"council": customers_council.pk, "title": "Never", "starts_at": starts_at}

        assert _pointers(secretary.post(MEETINGS, body, format="json")) == ["#/starts_at"]
        assert secretary.get(MEETINGS).status_code == 200

    def test_has_not_passed_unless_it_is_recorded_afterwards(
        self, secretary: APIClient, customers_council: Council
    ) -> None:
        passed = (timezone.now() - timedelta(weeks=4)).isoformat()
        body = {"council": customers_council.pk, "title": "February", "starts_at": passed}

        assert _pointers(secretary.post(MEETINGS, body, format="json")) == ["#/starts_at"]
        body["is_recorded_afterwards"] = True
        assert secretary.post(MEETINGS, body, format="json").status_code == 201
