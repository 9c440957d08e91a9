"""What is filled in about an action item; `arguments` are those of the operation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from backlog.db.fields import ends
from backlog.models import CustomerRequest, Event, Outcome, User
from backlog.rules import names
from council.models import ActionItem

Status = ActionItem.Status
OWED: Final = (Status.OPEN, Status.BLOCKED, Status.REOPENED)
UNFINISHED: Final = (*OWED, Status.CLAIMED_DONE)
SEEN: Final = "council.view_actionitem"
ASSIGNS: Final = "council.assign_action"


def _widget(kind: type[forms.Widget], **attrs: str | int) -> Any:
    return kind({"class": "hb-input hb-input-wide", **attrs})


class Press(forms.Form):
    """A button alone; the others have fields beside."""

    def __init__(self, action: ActionItem, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": False})
        self.action, self.user = action, user

    def take_focus(self) -> None:
        """Opened by a key, what is typed next goes into its first field."""
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.widget.attrs["autofocus"] = True

    def arguments(self) -> dict[str, Any]:
        # Browsers send CRLF, and words that were left as they were are no change.
        given = {
            name: value.replace("\r\n", "\n") if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }
        return {"action_id": self.action.pk, **given}


class ClaimDone(Press):
    evidence = forms.CharField(
        **ends(ActionItem, "evidence"),
        label=_("How one can see that it is done"),
        required=False,
        widget=_widget(forms.Textarea, rows=3),
    )
    link = forms.CharField(
        **ends(ActionItem, "evidence_link"),
        label=_("A link that shows it"),
        required=False,
        widget=_widget(forms.URLInput, placeholder="https://"),
    )
    request = forms.CharField(
        max_length=40,
        label=_("A request that shows it, by its key"),
        required=False,
        widget=_widget(forms.TextInput, autocomplete="off"),
    )
    outcome = forms.ModelChoiceField(
        Outcome.objects.none(),
        label=_("An outcome that shows it"),
        required=False,
        widget=_widget(forms.Select),
    )

    def __init__(self, action: ActionItem, user: User, *args: Any, **kwargs: Any) -> None:
        initial = {
            "evidence": action.evidence,
            "link": action.evidence_link,
            "request": action.evidence_request.key if action.evidence_request else "",
            "outcome": action.evidence_outcome_id,
        }
        super().__init__(action, user, *args, initial=initial, **kwargs)
        outcomes: Any = self.fields["outcome"]
        seen = Outcome.objects.visible_to(user).current()
        outcomes.queryset = seen.filter(
            commitment__request=action.request_id, commitment__request__isnull=False
        ).order_by("-recorded_at", "-pk")
        if action.request_id is None or not outcomes.queryset.exists():
            del self.fields["outcome"]

    def clean_request(self) -> CustomerRequest | None:
        key = self.cleaned_data["request"].strip()
        if not key:
            return None
        seen = CustomerRequest.objects.visible_to(self.user)
        found = seen.filter(**names.lookup(key, natural="key")).first()
        if found is None:
            raise forms.ValidationError(_("No request has this key."), code="unknown")
        return found

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        request, outcome = given.pop("request"), given.pop("outcome", None)
        ids = {"request_id": request and request.pk, "outcome_id": outcome and outcome.pk}
        return {**given, **ids}


class Because(Press):
    """Only with a reason."""

    reason = forms.CharField(
        **ends(Event, "reason"), label=_("Why"), widget=_widget(forms.Textarea, rows=2)
    )


class PutOff(Because):
    due_on = forms.DateField(
        label=_("Due on"),
        widget=forms.DateInput({"type": "date", "class": "hb-input"}, format="%Y-%m-%d"),
    )
    field_order = ("due_on", "reason")

    def __init__(self, action: ActionItem, user: User, *args: Any, **kwargs: Any) -> None:
        asked = {"due_on": action.asked_until, "reason": action.asked_why}
        super().__init__(action, user, *args, initial=asked, **kwargs)


class Helpers(Press):
    helpers = forms.CharField(
        max_length=4000,
        label=_("E-mail addresses of those who help, with commas between"),
        required=False,
        widget=_widget(forms.TextInput, autocomplete="off", spellcheck="false"),
    )

    def __init__(self, action: ActionItem, user: User, *args: Any, **kwargs: Any) -> None:
        helping = action.helpers.order_by("pk") if action.pk else ()
        initial = {"helpers": ", ".join(each.email for each in helping)}
        super().__init__(action, user, *args, initial=initial, **kwargs)

    def clean_helpers(self) -> list[User]:
        asked = [each for each in re.split(r"[,;\s]+", self.cleaned_data["helpers"]) if each]
        wanted = dict.fromkeys(each.lower() for each in asked)
        active = User.objects.filter(is_active=True, email__in=[*wanted, *asked])
        found = {each.email.lower(): each for each in active}
        unknown = [each for each in wanted if each not in found]
        if unknown:
            raise forms.ValidationError(
                _("Nobody here has this address: %(addresses)s"),
                code="unknown",
                params={"addresses": ", ".join(unknown)},
            )
        return [found[each] for each in wanted]


class Partner(Press):
    partner = forms.CharField(
        **ends(ActionItem, "partner"),
        label=_("Who does it outside of this house"),
        widget=_widget(forms.TextInput, autocomplete="off"),
    )

    def __init__(self, action: ActionItem, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(action, user, *args, initial={"partner": action.partner}, **kwargs)


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing to do with an action item: by whom, in which states, and by which key."""

    title: StrPromise
    button: StrPromise
    done: StrPromise
    form: type[Press]
    is_open_to: Callable[[ActionItem, User, bool], bool]
    permission: str = SEEN
    key: str = ""


def _is_of_owner(*states: Status) -> Callable[[ActionItem, User, bool], bool]:
    return lambda action, user, _sits: action.owner_id == user.pk and action.status in states


def _is_of_council(*states: Status) -> Callable[[ActionItem, User, bool], bool]:
    return lambda action, _user, sits: sits and action.status in states


def _is_of_either(*states: Status) -> Callable[[ActionItem, User, bool], bool]:
    return lambda action, user, sits: (
        action.status in states and (sits or action.owner_id == user.pk)
    )


def _is_of_another(action: ActionItem, user: User, sits: bool) -> bool:  # noqa: FBT001 -- as above
    return sits and action.owner_id != user.pk and action.status == Status.CLAIMED_DONE


KINDS: Final[Mapping[str, Kind]] = {
    "claim": Kind(
        _("It is done"),
        _("Say that it is done"),
        _("On record as done. Somebody else accepts it."),
        ClaimDone,
        _is_of_owner(*OWED),
        key="c",
    ),
    "verify": Kind(
        _("Accept as done"),
        _("Accept as done"),
        _("Accepted as done."),
        Press,
        _is_of_another,
        ASSIGNS,
        key="v",
    ),
    "block": Kind(
        _("It is blocked"),
        _("Put it on record"),
        _("On record as blocked."),
        Because,
        _is_of_either(Status.OPEN, Status.REOPENED),
        key="b",
    ),
    "unblock": Kind(
        _("It is blocked no more"),
        _("It is blocked no more"),
        _("The action is open again."),
        Press,
        _is_of_either(Status.BLOCKED),
        key="b",
    ),
    "reopen": Kind(
        _("Reopen"),
        _("Reopen"),
        _("The action is open again."),
        Because,
        _is_of_council(Status.CLAIMED_DONE, Status.VERIFIED),
        ASSIGNS,
        key="r",
    ),
    "put-off": Kind(
        _("Give it another day"),
        _("Give it this day"),
        _("It is due on another day."),
        PutOff,
        _is_of_council(*OWED),
        ASSIGNS,
    ),
    "help": Kind(
        _("Who helps"),
        _("Save"),
        _("On record: who helps."),
        Helpers,
        _is_of_either(*UNFINISHED),
    ),
    "partner": Kind(
        _("A partner does it"),
        _("Make a link for them"),
        _("There is a link for the partner, and any before opens nothing more."),
        Partner,
        _is_of_either(*UNFINISHED),
    ),
    "no-partner": Kind(
        _("No partner does it any more"),
        _("Withdraw their link"),
        _("The link opens nothing more."),
        Press,
        lambda action, user, sits: bool(action.partner) and (sits or action.owner_id == user.pk),
    ),
    "cancel": Kind(
        _("Cancel it"),
        _("Cancel it"),
        _("The action is cancelled."),
        Because,
        _is_of_council(*UNFINISHED),
        ASSIGNS,
    ),
}


@dataclass(frozen=True, slots=True)
class Act:
    """The same on one action item, with its form."""

    name: str
    kind: Kind
    form: Press

    @property
    def address(self) -> str:
        return reverse(f"council:{self.name}-action-item", args=[self.form.action.pk])


def acts_of(action: ActionItem, user: User, *, sits: bool, sent: Act | None = None) -> list[Act]:
    """What this person may do with it now; with the form that was sent, where there is one."""
    return [
        sent if sent and sent.name == name else Act(name, kind, kind.form(action, user))
        for name, kind in KINDS.items()
        if user.has_perm(kind.permission) and kind.is_open_to(action, user, sits)
    ]
