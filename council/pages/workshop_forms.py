"""A workshop as the room shows it: a small form for each part, so that several can write."""

from dataclasses import dataclass
from typing import Any

from django import forms

from backlog.db.fields import ends
from backlog.forms import edit_conflicts
from backlog.models import CustomerRequest, User
from council.models import AgendaItem
from council.queries import workshops
from council.queries.workshops import Written

ATTEND = "council.attend_meeting"


class WorkOut(edit_conflicts.Guarded, forms.Form):
    """The words of one part, written in their place."""

    must_say_what_it_was_shown_with = True

    words = forms.CharField(required=False, **ends(CustomerRequest, "root_cause"))

    def __init__(self, item: AgendaItem, written: Written, *args: Any, **kwargs: Any) -> None:
        initial = {"words": written.words}
        super().__init__(*args, **{**kwargs, "initial": initial, "auto_id": False})
        self.item, self.written = item, written
        self.fields["words"].label = str(written.department or written.part.label)

    def arguments(self) -> dict[str, Any]:
        """`before` is what the form was compared with: nothing slips in before the lock."""
        department = self.written.department
        return {
            "agenda_item_id": self.item.pk,
            "part": self.written.part.value,
            "department_id": department and department.pk,
            "words": self.cleaned_data["words"].replace("\r\n", "\n"),
            "before": self.written.words,
        }


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the room shows of it: every part, with its form for who may write."""

    forms: list[WorkOut]
    may_write: bool


def shown(item: AgendaItem | None, user: User, bound: WorkOut | None = None) -> Workshop | None:
    """None where the item is no workshop; `bound` is what was typed and not accepted."""
    if item is None or not workshops.is_workshop(item):
        return None
    each_form = [
        bound if bound is not None and _is_of(bound, written) else WorkOut(item, written)
        for written in workshops.parts_of(item)
    ]
    may_write = user.has_perm(ATTEND) and workshops.refusal_to_work_out(item, user) is None
    return Workshop(each_form, may_write)


def _is_of(form: WorkOut, written: Written) -> bool:
    return (form.written.part, form.written.department) == (written.part, written.department)
