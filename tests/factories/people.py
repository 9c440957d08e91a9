import factory
from factory.django import DjangoModelFactory

from backlog.models import Department, Membership, User
from tests.factories import NOON


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Colleague {n}")
    email = factory.Sequence(lambda n: f"colleague{n}@example.com")
    language = "en"


class DepartmentFactory(DjangoModelFactory[Department]):
    class Meta:
        model = Department

    name = factory.Sequence(lambda n: f"Department {n}")
    is_seated = True


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    department = factory.SubFactory(DepartmentFactory)
    starts_on = NOON.date()
