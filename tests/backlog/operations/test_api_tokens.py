from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from backlog import errors
from backlog.models import ApiToken, User
from backlog.operations import api_tokens, users
from tests.backlog.operations import events
from tests.factories import NOON

DAY = timedelta(days=1)


class TestIssueToken:
    def test_shows_the_secret_once_and_keeps_its_hash(self, ada: User, ines: User) -> None:
        token, secret = api_tokens.issue_token(
            owner=ines,
            name="CRM",
            scopes=["read", "feedback:write", "read"],
            lasts=timedelta(days=30),
            by=ada,
            at=NOON,
        )

        token = ApiToken.objects.get(pk=token.pk)
        assert (token.user, token.name, token.scopes) == (ines, "CRM", ["feedback:write", "read"])
        assert token.expiry is not None
        assert secret not in token.digest
        assert events.last().data == {"token": token.token_key, "scopes": token.scopes}
        assert secret not in str(events.last().data)

    def test_lasts_for_ever_if_so_wished(self, ines: User) -> None:
        token, _secret = api_tokens.issue_token(
            owner=ines, name="BI", scopes=["read"], lasts=None, by=ines, at=NOON
        )
        assert token.expiry is None

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"scopes": ["everything"]}, "scopes"),
            ({"scopes": []}, "scopes"),
            ({"name": " "}, "name"),
            ({"name": "x" * 101}, "name"),
            ({"name": "\x00"}, "name"),
        ],
    )
    def test_refuses_nonsense(self, ines: User, facts: dict[str, Any], field: str) -> None:
        wanted = {"name": "CRM", "scopes": ["read"]} | facts
        with pytest.raises(errors.Invalid) as refused:
            api_tokens.issue_token(owner=ines, lasts=None, by=ines, at=NOON, **wanted)
        assert refused.value.field == field
        assert not ApiToken.objects.exists()


class TestWhoseTokenItIs:
    @pytest.mark.parametrize("roles", [[], ["integration", "secretary"], ["viewer"]])
    def test_is_not_a_colleagues_unless_they_make_it_themselves(
        self, ada: User, omar: User, roles: list[str]
    ) -> None:
        omar.groups.set(Group.objects.get_or_create(name=name)[0] for name in roles)

        with pytest.raises(errors.Invalid) as refused:
            api_tokens.issue_token(
                owner=omar, name="CRM", scopes=["read"], lasts=None, by=ada, at=NOON
            )

        assert (refused.value.field, refused.value.code) == ("user", "not_yours")
        assert not ApiToken.objects.exists()

    def test_is_not_a_superusers_though_their_only_role_is_a_tools(
        self, ada: User, ines: User
    ) -> None:
        ines.is_superuser = True

        with pytest.raises(errors.Invalid) as refused:
            api_tokens.issue_token(
                owner=ines, name="CRM", scopes=["read"], lasts=None, by=ada, at=NOON
            )

        assert refused.value.code == "not_yours"

    def test_is_not_replaced_by_whoever_could_not_make_it(self, ada: User, omar: User) -> None:
        """The secret of the successor would be theirs to read."""
        token, _secret = api_tokens.issue_token(
            owner=omar, name="BI", scopes=["read"], lasts=None, by=omar, at=NOON
        )

        with pytest.raises(errors.Invalid):
            api_tokens.rotate_token(token_pk=token.pk, overlap=DAY, lasts=DAY, by=ada, at=NOON)

        token.refresh_from_db()
        assert token.expiry is None

    def test_is_on_record_with_who_made_it(self, ada: User, ines: User) -> None:
        for by in (ada, ines, None):
            token, _secret = api_tokens.issue_token(
                owner=ines, name="CRM", scopes=["read"], lasts=None, by=by, at=NOON
            )
            assert ApiToken.objects.get(pk=token.pk).made_by == by


class TestNewPassword:
    """Whoever knew the old one may have made tokens with it."""

    @pytest.fixture
    def token(self, omar: User) -> ApiToken:
        return api_tokens.issue_token(
            owner=omar, name="BI", scopes=["read"], lasts=None, by=omar, at=NOON
        )[0]

    def test_set_by_an_administrator_ends_the_tokens(
        self, token: ApiToken, ada: User, omar: User
    ) -> None:
        users.set_password(user_id=omar.pk, password="quite secret", by=ada, at=NOON)

        token.refresh_from_db()
        assert token.revoked_at == NOON
        assert events.kinds() == ["token.issued", "token.revoked", "colleague.password_set"]

    def test_set_by_oneself_ends_them_and_the_page_says_so_before(
        self, token: ApiToken, omar: User, client: Client
    ) -> None:
        omar.set_password("the old one, 7")
        User.objects.filter(pk=omar.pk).update(password=omar.password)
        client.force_login(omar, backend="django.contrib.auth.backends.ModelBackend")
        page = reverse("admin:password_change")
        before = client.get(page, headers={"accept-language": "en"}).content.decode()

        answer = client.post(
            page,
            {
                "old_password": "the old one, 7",
                "new_password1": "the new one, 8",
                "new_password2": "the new one, 8",
            },
        )

        token.refresh_from_db()
        assert "all API tokens of the account stop working" in before
        assert answer.status_code == 302
        assert token.revoked_at is not None

    def test_set_at_the_command_line_ends_them(self, token: ApiToken, omar: User) -> None:
        with patch.object(changepassword.Command, "_get_pass", return_value="quite secret, 9"):
            call_command("changepassword", omar.email, verbosity=0)

        token.refresh_from_db()
        assert token.revoked_at is not None

    def test_hashed_anew_at_a_sign_in_is_no_new_one(self, token: ApiToken, omar: User) -> None:
        weak = make_password("the old one, 7", hasher="md5")
        User.objects.filter(pk=omar.pk).update(password=weak)
        omar.refresh_from_db()

        with override_settings(
            PASSWORD_HASHERS=[
                "django.contrib.auth.hashers.PBKDF2PasswordHasher",
                "django.contrib.auth.hashers.MD5PasswordHasher",
            ]
        ):
            assert omar.check_password("the old one, 7")

        omar.refresh_from_db()
        token.refresh_from_db()
        assert omar.password != weak
        assert token.revoked_at is None

    def test_leaves_the_tokens_of_others(self, token: ApiToken, ada: User, ines: User) -> None:
        users.set_password(user_id=ines.pk, password="quite secret", by=ada, at=NOON)

        token.refresh_from_db()
        assert token.revoked_at is None


class TestRevokeToken:
    def test_works_at_once_and_twice(self, ada: User, ines: User) -> None:
        token, _secret = api_tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=None, by=ada, at=NOON
        )
        for _twice in range(2):
            api_tokens.revoke_token(token_pk=token.pk, by=ada, at=NOON)

        token.refresh_from_db()
        assert token.revoked_at == NOON
        assert events.kinds() == ["token.issued", "token.revoked"]

    def test_all_of_a_person_leaves_those_that_were_over_as_they_were(
        self, ada: User, ines: User
    ) -> None:
        over, live = (
            api_tokens.issue_token(
                owner=ines, name="CRM", scopes=["read"], lasts=None, by=ada, at=NOON
            )[0]
            for _each in range(2)
        )
        over.expiry = NOON
        over.save()

        assert api_tokens.revoke_tokens(user_id=ines.pk, by=ada, at=NOON) == 1

        over.refresh_from_db()
        live.refresh_from_db()
        assert (over.revoked_at, live.revoked_at) == (None, NOON)


class TestRotateToken:
    def test_makes_a_successor_and_lets_the_old_one_work_on_for_the_overlap(
        self, ada: User, ines: User
    ) -> None:
        old, old_secret = api_tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=None, by=ada, at=NOON
        )

        new, secret = api_tokens.rotate_token(
            token_pk=old.pk, overlap=DAY, lasts=timedelta(days=90), by=ada, at=NOON
        )

        old.refresh_from_db()
        assert old.expiry == NOON + DAY
        assert not old.is_over(at=NOON + DAY - timedelta(seconds=1))
        assert old.is_over(at=NOON + DAY)
        assert (new.user, new.name, new.scopes) == (ines, "CRM", ["read"])
        assert secret != old_secret
        assert events.kinds() == ["token.issued", "token.issued", "token.rotated"]
        assert events.last().data == {"token": old.token_key, "successor": new.token_key}

    def test_never_lengthens_the_life_of_the_old_one(self, ines: User) -> None:
        old, _secret = api_tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=DAY, by=ines, at=NOON
        )
        old.expiry = NOON + DAY
        old.save()

        api_tokens.rotate_token(token_pk=old.pk, overlap=3 * DAY, lasts=DAY, by=ines, at=NOON)

        old.refresh_from_db()
        assert old.expiry == NOON + DAY

    @pytest.mark.parametrize("over", [{"revoked_at": NOON}, {"expiry": NOON}])
    def test_refuses_a_token_that_is_over(self, ines: User, over: dict[str, Any]) -> None:
        old, _secret = api_tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=None, by=ines, at=NOON
        )
        ApiToken.objects.filter(pk=old.pk).update(**over)

        with pytest.raises(errors.TokenOver):
            api_tokens.rotate_token(token_pk=old.pk, overlap=DAY, lasts=DAY, by=ines, at=NOON)

        assert ApiToken.objects.count() == 1


class TestNoteUse:
    def test_is_remembered_to_the_minute(self, ines: User) -> None:
        token, _secret = api_tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=None, by=ines, at=NOON
        )
        seen = []
        for seconds in (0, 59, 60):
            token.refresh_from_db()
            api_tokens.note_use(token=token, by=None, at=NOON + timedelta(seconds=seconds))
            token.refresh_from_db()
            seen.append(token.last_used_at)
        assert seen == [NOON, NOON, NOON + timedelta(seconds=60)]
