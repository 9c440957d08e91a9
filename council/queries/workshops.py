"""What a workshop has worked out of a request by now, and who may write there."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backlog.errors import Refusal
from backlog.models import CustomerRequest, Department, User
from council import errors
from council.models import AgendaItem, Meeting


class Part(models.TextChoices):
    """In the order in which it is worked out: from the picture back to the next step."""

    PERFECT_PICTURE = "perfect_picture", gettext_lazy("perfectly solved")
    ROOT_CAUSE = "root_cause", gettext_lazy("root cause")
    STEP = "step", gettext_lazy("a department's step")


@dataclass(frozen=True, slots=True)
class Written:
    """A part as it stands; a step is of its department."""

    part: Part
    words: str
    department: Department | None = None


def is_workshop(item: AgendaItem) -> bool:
    return item.kind == AgendaItem.Kind.WORKSHOP and item.request_id is not None


def refusal_to_work_out(item: AgendaItem, user: User) -> Refusal | None:
    """Why somebody cannot write there now: no workshop is on, or they are not there."""
    is_on = item.status == AgendaItem.Status.ACTIVE and item.meeting.status in Meeting.UNDER_WAY
    if not is_workshop(item) or not is_on:
        return errors.NotAWorkshop(_("No workshop on this request is being held."))
    if not item.meeting.attendances.there().filter(user=user).exists():
        return errors.NotPresent(_("Say first that you are there."))
    return None


def written(request: CustomerRequest, part: Part, department_id: int | None = None) -> str:
    """The words of one part as they stand."""
    if part == Part.STEP:
        steps = request.department_steps.filter(department=department_id)
        return steps.values_list("step", flat=True).first() or ""
    words: str = getattr(request, part.value)
    return words


def parts_of(item: AgendaItem) -> list[Written]:
    """All of them: a step for each department that has a seat there, or has said one already."""
    request = item.request
    if request is None or not is_workshop(item):
        return []
    steps = dict(request.department_steps.values_list("department", "step"))
    seated = Q(seats__council=item.meeting.council_id, seats__is_voting=True)
    departments = Department.objects.filter(seated | Q(pk__in=steps)).distinct()
    return [
        Written(Part.PERFECT_PICTURE, request.perfect_picture),
        Written(Part.ROOT_CAUSE, request.root_cause),
        *(
            Written(Part.STEP, steps.get(each.pk, ""), each)
            for each in departments.order_by("name", "pk")
        ),
    ]
