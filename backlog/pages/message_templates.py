"""The words around what customers are told, edited beside the message as they would read it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backlog import errors
from backlog.db.fields import ends
from backlog.delivery import message_templates
from backlog.errors import Unwritable
from backlog.forms import edit_conflicts, sent_once
from backlog.models import Language, MessageTemplate, Occasion, Product
from backlog.operations import message_templates as message_template_operations
from backlog.pages.base import Request, page, refused
from backlog.queries import message_samples
from backlog.rules import message_parts, placeholders


@dataclass(frozen=True, slots=True)
class Place:
    """Which template is edited: of a product or of all, on an occasion, in a language."""

    product: Product | None
    occasion: Occasion
    language: Language

    @property
    def stored(self) -> MessageTemplate | None:
        return MessageTemplate.objects.filter(
            product=self.product, occasion=self.occasion, language=self.language
        ).first()

    @property
    def said(self) -> dict[str, str]:
        stored = self.stored
        return {part: getattr(stored, part) if stored else "" for part in MessageTemplate.PARTS}

    @property
    def query(self) -> str:
        return f"?product={self.product.prefix}" if self.product else ""

    @property
    def address(self) -> str:
        args = [self.occasion.value, self.language.value]
        return reverse("backlog:message-template", args=args) + self.query


class Words(edit_conflicts.Guarded, forms.Form):
    subject = forms.CharField(
        label=gettext_lazy("Subject"), required=False, **ends(MessageTemplate, "subject")
    )
    headline = forms.CharField(
        label=gettext_lazy("Headline"), required=False, **ends(MessageTemplate, "headline")
    )
    opening = forms.CharField(
        label=gettext_lazy("Opening words"), required=False, **ends(MessageTemplate, "opening")
    )
    closing = forms.CharField(
        label=gettext_lazy("Closing words"), required=False, **ends(MessageTemplate, "closing")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for part, words in list(given.items()):
            try:
                message_parts.readable(part, words)
            except errors.Invalid as fault:
                self.add_error(part, str(fault))
        return given


@require_safe
@permission_required("backlog.view_messagetemplate", raise_exception=True)
def templates(request: Request) -> HttpResponse:
    """Every occasion in every language, and which of them somebody has written."""
    product = _product(request)
    written = {
        (each.occasion, each.language): each
        for each in MessageTemplate.objects.filter(product=product).select_related("edited_by")
        if any(getattr(each, part) for part in MessageTemplate.PARTS)
    }
    places = [
        (occasion, [_shown(Place(product, occasion, each), written) for each in Language])
        for occasion in Occasion
    ]
    return page(
        request,
        "backlog/messages.html",
        title=_("What messages say"),
        product=product,
        products=Product.objects.visible_to(request.user).order_by("name", "pk"),
        places=places,
    )


@require_safe
@permission_required("backlog.edit_messages", raise_exception=True)
def template(request: Request, occasion: str, language: str) -> HttpResponse:
    place = _place(request, occasion, language)
    return _show(request, place, Words(place.said, initial=place.said))


@require_POST
@permission_required("backlog.edit_messages", raise_exception=True)
def preview(request: Request, occasion: str, language: str) -> HttpResponse:
    """The message with the words as they stand; nothing is kept."""
    place = _place(request, occasion, language)
    form = Words(request.POST, initial=place.said)
    if request.htmx:
        return render(request, "backlog/_message_preview.html", _preview(request, place, form))
    return _show(request, place, form)


@require_POST
@permission_required("backlog.edit_messages", raise_exception=True)
def save(request: Request, occasion: str, language: str) -> HttpResponse:
    place = _place(request, occasion, language)
    form = Words(request.POST, initial=place.said)
    form.must_say_what_it_was_shown_with = True
    if not form.is_valid():
        return _show(request, place, form, status=422)
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            message_template_operations.write_template(
                product=place.product,
                occasion=occasion,
                language=language,
                **form.cleaned_data,
                by=request.user,
                at=at,
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("Saved. The next messages say it so."))
    return redirect(place.address)


@require_POST
@permission_required("backlog.edit_messages", raise_exception=True)
def reset(request: Request, occasion: str, language: str) -> HttpResponse:
    place = _place(request, occasion, language)
    stored, at = place.stored, timezone.now()
    try:
        with sent_once.once(request, at=at):
            if stored is not None:
                message_template_operations.reset_template(
                    template_id=stored.pk, by=request.user, at=at
                )
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("The built-in words are back."))
    return redirect(place.address)


def _shown(place: Place, written: dict[tuple[str, str], MessageTemplate]) -> dict[str, Any]:
    key = (place.occasion.value, place.language.value)
    return {"place": place, "template": written.get(key)}


def _place(request: Request, occasion: str, language: str) -> Place:
    if occasion not in Occasion or language not in Language:
        raise Http404
    return Place(_product(request), Occasion(occasion), Language(language))


def _product(request: Request) -> Product | None:
    prefix = request.GET.get("product")
    if not prefix:
        return None
    return get_object_or_404(Product.objects.visible_to(request.user), prefix=prefix)


def _show(request: Request, place: Place, form: Words, status: int = 200) -> HttpResponse:
    with translation.override(place.language):
        usual = message_templates.built_in(place.occasion)
    response = page(
        request,
        "backlog/message.html",
        title=_("What messages say"),
        place=place,
        stored=place.stored,
        parts=[(form[name], usual[name]) for name in MessageTemplate.PARTS],
        fields=placeholders.FIELDS,
        **_preview(request, place, form),
    )
    response.status_code = status
    return response


def _preview(request: Request, place: Place, form: Words) -> dict[str, Any]:
    """A part that cannot be read is shown as it comes built in; its error stands above."""
    form.full_clean()
    parts = form.cleaned_data
    draft = MessageTemplate(
        product=place.product, occasion=place.occasion, language=place.language, **parts
    )
    try:
        sample_message = message_samples.sample_message(
            draft, viewer=request.user, at=timezone.now()
        )
    except Unwritable as fault:
        return {"form": form, "fault": fault}
    return {"form": form, "sample_message": sample_message}
