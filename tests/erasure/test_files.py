"""Files of the erased: gone when the erasure stands, there when it does not, tried again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from backlog import tasks
from backlog.delivery import mailbox
from backlog.models import ContactPoint, Customer, OwedFile, User
from backlog.operations import erasure
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "mira@quellenhof.example"


@pytest.fixture
def mira() -> Customer:
    mira = make.CustomerFactory.create(name="Mira Quellenhof")
    make.ContactPointFactory.create(customer=mira, address=ADDRESS)
    return mira


@pytest.fixture(autouse=True)
def letter() -> Iterator[None]:
    folder = Path(settings.MAILBOX_DIR)
    shutil.rmtree(folder, ignore_errors=True)
    with get_connection("backlog.delivery.mailbox.MailboxBackend") as box:
        box.send_messages([EmailMessage("Told", "Hello", to=[ADDRESS])])
    yield
    shutil.rmtree(folder, ignore_errors=True)


def erase(customer: Customer, ada: User) -> None:
    erasure.erase_customer(customer_id=customer.pk, reason="Asked.", by=ada, at=NOON)


def test_go_with_the_erasure(mira: Customer, ada: User) -> None:
    erase(mira, ada)

    assert mailbox.all_ids() == []
    assert not OwedFile.objects.exists()


def test_stay_when_what_it_is_a_part_of_does_not_stand(mira: Customer, ada: User) -> None:
    with transaction.atomic():
        erase(mira, ada)
        transaction.set_rollback(True)

    assert ContactPoint.objects.filter(address=ADDRESS).exists()
    assert len(mailbox.all_ids()) == 1
    assert not OwedFile.objects.exists()


def test_that_could_not_be_deleted_are_by_the_clock(
    mira: Customer, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", fail)
        erase(mira, ada)
    assert len(mailbox.all_ids()) == OwedFile.objects.count() == 1

    tasks.delete_owed_files()

    assert mailbox.all_ids() == []
    assert not OwedFile.objects.exists()
