from datetime import timedelta
from typing import Any

import pytest

from backlog import errors
from backlog.models import ApiToken, User
from backlog.operations import tokens
from tests.backlog.operations import events
from tests.factories import NOON

DAY = timedelta(days=1)


class TestIssueToken:
    def test_shows_the_secret_once_and_keeps_its_hash(self, ada: User, ines: User) -> None:
        token, secret = tokens.issue_token(
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
        token, _secret = tokens.issue_token(
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
            tokens.issue_token(owner=ines, lasts=None, by=ines, at=NOON, **wanted)
        assert refused.value.field == field
        assert not ApiToken.objects.exists()


class TestRevokeToken:
    def test_works_at_once_and_twice(self, ada: User, ines: User) -> None:
        token, _secret = tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=None, by=ada, at=NOON
        )
        for _twice in range(2):
            tokens.revoke_token(token_pk=token.pk, by=ada, at=NOON)

        token.refresh_from_db()
        assert token.revoked_at == NOON
        assert events.kinds() == ["token.issued", "token.revoked"]


class TestRotateToken:
    def test_makes_a_successor_and_lets_the_old_one_work_on_for_the_overlap(
        self, ada: User, ines: User
    ) -> None:
        old, old_secret = tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=None, by=ada, at=NOON
        )

        new, secret = tokens.rotate_token(
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
        old, _secret = tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=DAY, by=ines, at=NOON
        )
        old.expiry = NOON + DAY
        old.save()

        tokens.rotate_token(token_pk=old.pk, overlap=3 * DAY, lasts=DAY, by=ines, at=NOON)

        old.refresh_from_db()
        assert old.expiry == NOON + DAY

    @pytest.mark.parametrize("over", [{"revoked_at": NOON}, {"expiry": NOON}])
    def test_refuses_a_token_that_is_over(self, ines: User, over: dict[str, Any]) -> None:
        old, _secret = tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=None, by=ines, at=NOON
        )
        ApiToken.objects.filter(pk=old.pk).update(**over)

        with pytest.raises(tokens.TokenOver):
            tokens.rotate_token(token_pk=old.pk, overlap=DAY, lasts=DAY, by=ines, at=NOON)

        assert ApiToken.objects.count() == 1


class TestNoteUse:
    def test_is_remembered_to_the_minute(self, ines: User) -> None:
        token, _secret = tokens.issue_token(
            owner=ines, name="CRM", scopes=["read"], lasts=None, by=ines, at=NOON
        )
        seen = []
        for seconds in (0, 59, 60):
            token.refresh_from_db()
            tokens.note_use(token=token, at=NOON + timedelta(seconds=seconds))
            token.refresh_from_db()
            seen.append(token.last_used_at)
        assert seen == [NOON, NOON, NOON + timedelta(seconds=60)]
