"""Tokens: made once, hashed, scoped, expiring, revoked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from backlog.models import ApiToken, Event, User
from backlog.operations import api_tokens
from tests.factories import backlog

REQUESTS = "/api/v1/requests/"
TOKENS = "/api/v1/tokens/"


def _bearer(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def _issue(
    owner: User, *scopes: str, lasts: timedelta = timedelta(days=1)
) -> tuple[ApiToken, APIClient]:
    token, secret = api_tokens.issue_token(
        owner=owner, name="Survey", scopes=scopes, lasts=lasts, by=owner, at=timezone.now()
    )
    return token, _bearer(secret)


class TestUseToken:
    def test_acts_as_its_owner(self, ines: User) -> None:
        _, api = _issue(ines, "read")

        assert api.get(REQUESTS).status_code == 200

    @pytest.mark.parametrize(
        "header",
        [
            "Bearer",
            "Bearer nonsense",
            "Bearer two words",
            "Bearer \u00e9",
            "Token nonsense",
            "Bearer " + "x" * 10_000,
        ],
    )
    @pytest.mark.django_db
    def test_refuses_what_is_no_token(self, header: str) -> None:
        api = APIClient()
        api.credentials(HTTP_AUTHORIZATION=header)

        answer = api.get(REQUESTS)

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_refuses_an_expired_token_and_keeps_it_on_record(self, ines: User) -> None:
        token, api = _issue(ines, "read", lasts=timedelta(seconds=-1))

        answer = api.get(REQUESTS)

        assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
        assert ApiToken.objects.filter(pk=token.pk).exists()

    def test_refuses_the_token_of_someone_who_left(self, ines: User) -> None:
        _, api = _issue(ines, "read")
        ines.is_active = False
        ines.save()

        answer = api.get(REQUESTS)

        assert (answer.status_code, answer.json()["code"]) == (401, "owner_inactive")

    def test_refuses_a_token_nobody_made(self, db: None) -> None:
        answer = _bearer("nonsense").get(REQUESTS)

        assert (answer.status_code, answer.json()["code"]) == (401, "token_unknown")

    def test_refuses_what_its_scopes_do_not_cover(self, ines: User) -> None:
        _, api = _issue(ines, "feedback:write")

        answer = api.get(REQUESTS)

        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
        assert "read" in answer.json()["detail"]

    def test_refuses_what_its_owner_may_not_do_whatever_its_scopes(self, omar: User) -> None:
        _, api = _issue(omar, *api_tokens.SCOPES)

        answer = api.post(REQUESTS, {})

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")

    def test_remembers_its_last_use_to_the_minute(self, ines: User) -> None:
        token, api = _issue(ines, "read")
        api.get(REQUESTS)
        token.refresh_from_db()
        first = token.last_used_at

        api.get(REQUESTS)
        token.refresh_from_db()
        assert first is not None
        assert token.last_used_at == first

        ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
        api.get(REQUESTS)
        token.refresh_from_db()
        assert token.last_used_at is not None
        assert token.last_used_at >= first

    def test_never_keeps_the_secret(self, ines: User) -> None:
        token, secret = api_tokens.issue_token(
            owner=ines, name="Survey", scopes=["read"], lasts=None, by=None, at=timezone.now()
        )

        assert secret not in token.digest
        assert token.token_key == secret[:15]


class TestIssueToken:
    def test_shows_the_secret_once(self, ines: User, client: Client) -> None:
        client.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")
        said = {"name": "Survey", "scopes": ["read"], "lasts_days": 7}

        answer = client.post(TOKENS, said, content_type="application/json")

        assert answer.status_code == 201, answer.content
        secret = answer.json()["secret"]
        assert _bearer(secret).get(REQUESTS).status_code == 200
        assert Event.objects.get(kind="token.issued").actor == ines
        listed = client.get(TOKENS).json()["results"]
        assert [row["name"] for row in listed] == ["Survey"]
        assert "secret" not in listed[0]

    def test_is_refused_to_a_token(self, ines: User) -> None:
        _, api = _issue(ines, "admin")

        answer = api.post(TOKENS, {"name": "Another", "scopes": ["read"]})

        assert (answer.status_code, answer.json()["code"]) == (403, "session_required")

    def test_is_refused_to_a_session_without_its_csrf_token(self, ines: User) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")

        said = {"name": "Survey", "scopes": ["read"]}
        answer = browser.post(TOKENS, said, content_type="application/json")

        assert answer.status_code == 403
        assert not ApiToken.objects.exists()

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"scopes": ["read"]}, "#/name"),
            ({"name": "Survey", "scopes": []}, "#/scopes"),
            ({"name": "Survey", "scopes": ["everything"]}, "#/scopes/0"),
            ({"name": "Survey", "scopes": ["read"], "lasts_days": 0}, "#/lasts_days"),
        ],
    )
    def test_points_at_what_is_wrong(
        self, said: dict[str, object], pointer: str, api: APIClient
    ) -> None:
        answer = api.post(TOKENS, said, format="json")

        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


class TestRevokeToken:
    def test_stops_it_at_once(self, ines: User, acting: Callable[[User], APIClient]) -> None:
        token, api = _issue(ines, "read")

        answer = acting(ines).post(f"{TOKENS}{token.token_key}/revoke/")

        assert answer.status_code == 204
        refused = api.get(REQUESTS)
        assert (refused.status_code, refused.json()["code"]) == (401, "token_revoked")

    def test_stays_in_the_list_with_its_end(
        self, ines: User, acting: Callable[[User], APIClient]
    ) -> None:
        token, _api = _issue(ines, "read")
        acting(ines).post(f"{TOKENS}{token.token_key}/revoke/")

        [row] = acting(ines).get(TOKENS).json()["results"]

        assert row["revoked_at"] is not None

    def test_is_only_for_ones_own(
        self, ines: User, ada: User, acting: Callable[[User], APIClient]
    ) -> None:
        token, api = _issue(ines, "read")

        assert acting(ada).post(f"{TOKENS}{token.token_key}/revoke/").status_code == 404
        assert api.get(REQUESTS).status_code == 200


class TestRotateToken:
    def test_lets_both_work_during_the_overlap(
        self, ines: User, acting: Callable[[User], APIClient]
    ) -> None:
        token, old = _issue(ines, "read")

        answer = acting(ines).post(f"{TOKENS}{token.token_key}/rotate/", {"overlap_hours": 1})

        assert answer.status_code == 201, answer.content
        assert answer.json()["scopes"] == ["read"]
        assert old.get(REQUESTS).status_code == 200
        assert _bearer(answer.json()["secret"]).get(REQUESTS).status_code == 200

    def test_stops_the_old_one_at_once_without_overlap(
        self, ines: User, acting: Callable[[User], APIClient]
    ) -> None:
        token, old = _issue(ines, "read")

        acting(ines).post(f"{TOKENS}{token.token_key}/rotate/", {"overlap_hours": 0})

        assert old.get(REQUESTS).json()["code"] == "token_expired"

    def test_is_refused_to_a_token(self, ines: User) -> None:
        token, api = _issue(ines, "admin")

        answer = api.post(f"{TOKENS}{token.token_key}/rotate/", {})

        assert (answer.status_code, answer.json()["code"]) == (403, "session_required")
        assert ApiToken.objects.count() == 1

    def test_is_only_for_ones_own_and_for_those_that_work(
        self, ines: User, ada: User, acting: Callable[[User], APIClient]
    ) -> None:
        token, _api = _issue(ines, "read")
        rotate = f"{TOKENS}{token.token_key}/rotate/"

        assert acting(ada).post(rotate, {}).status_code == 404
        api_tokens.revoke_token(token_pk=token.pk, by=ines, at=timezone.now())
        answer = acting(ines).post(rotate, {})

        assert (answer.status_code, answer.json()["code"]) == (409, "token_over")


class TestCommands:
    def test_list_rotate_and_revoke(self, ines: User, capsys: pytest.CaptureFixture[str]) -> None:
        token, old = _issue(ines, "read")

        call_command("rotate_token", token.token_key, "--days", "3", "--overlap-hours", "1")
        secret = capsys.readouterr().out.strip()
        assert _bearer(secret).get(REQUESTS).status_code == 200
        assert old.get(REQUESTS).status_code == 200

        call_command("revoke_token", token.token_key)
        assert old.get(REQUESTS).json()["code"] == "token_revoked"

        call_command("list_tokens")
        listed = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
        assert [(row[0], row[1], row[-1]) for row in listed] == [
            (token.token_key, ines.email, "over"),
            (secret[:15], ines.email, "works"),
        ]
        assert secret not in str(listed)

    @pytest.mark.parametrize(
        "arguments",
        [
            ["rotate_token", "0123456789abcde"],
            ["revoke_token", "0123456789abcde"],
            ["rotate_token", "KNOWN", "--days", "0"],
            ["rotate_token", "KNOWN", "--overlap-hours", "-1"],
            ["rotate_token", "REVOKED"],
        ],
    )
    def test_refuse_nonsense(self, arguments: list[str], ines: User) -> None:
        known, revoked = _issue(ines, "read")[0], _issue(ines, "read")[0]
        api_tokens.revoke_token(token_pk=revoked.pk, by=None, at=timezone.now())
        named = {"KNOWN": known.token_key, "REVOKED": revoked.token_key}

        with pytest.raises(CommandError):
            call_command(*(named.get(each, each) for each in arguments))

        assert ApiToken.objects.count() == 2


class TestCreateTokenCommand:
    def test_prints_a_secret_that_works(
        self, ines: User, capsys: pytest.CaptureFixture[str]
    ) -> None:
        backlog.RequestFactory.create()

        call_command("create_token", ines.email, "--name", "BI", "--scope", "read", "--days", "3")

        secret = capsys.readouterr().out.strip()
        assert len(_bearer(secret).get(REQUESTS).json()["results"]) == 1
        assert ApiToken.objects.get().scopes == ["read"]

    @pytest.mark.parametrize(
        "scopes",
        [
            ["--scope", "read", "feedback:write"],
            ["--scope", "read", "--scope", "feedback:write"],
        ],
    )
    def test_grants_every_scope_however_they_are_given(self, scopes: list[str], ines: User) -> None:
        call_command("create_token", ines.email, "--name", "CRM", *scopes)

        assert sorted(ApiToken.objects.get().scopes) == ["feedback:write", "read"]

    @pytest.mark.parametrize(
        "arguments",
        [
            ["nobody@example.com", "--name", "BI", "--scope", "read"],
            ["ines@example.com", "--name", "BI", "--scope", "read", "--days", "0"],
            ["ines@example.com", "--name", "BI", "--scope", "everything"],
            ["ines@example.com", "--name", "BI"],
        ],
    )
    def test_refuses_nonsense(self, arguments: list[str], ines: User) -> None:
        with pytest.raises(CommandError):
            call_command("create_token", *arguments)

        assert not ApiToken.objects.exists()
