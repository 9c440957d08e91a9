"""The local mailbox: what would have been sent, as it looks. Only where mail goes to files."""

from collections.abc import Sequence

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from backlog.delivery import mailbox as local_mailbox
from backlog.delivery import rendering
from backlog.models import Notice, User
from backlog.pages.base import Request, page, uncompressed, under_policy

SHOWN = 100
# A mail is shown as its sender made it, with its styles, and nothing in it can run or be fetched.
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


@require_safe
@permission_required("backlog.view_notice", raise_exception=True)
def mailbox(request: Request) -> HttpResponse:
    _require_mailbox()
    shown = _readable(request.user, local_mailbox.messages(limit=SHOWN))
    return page(request, "backlog/mailbox.html", title=_("Mailbox"), mails=shown)


@require_safe
@uncompressed
@permission_required("backlog.view_notice", raise_exception=True)
def message(request: Request, message_id: str) -> HttpResponse:
    mail = _mail(request.user, message_id)
    return page(request, "backlog/mail.html", title=mail.subject, mail=mail)


@require_safe
@xframe_options_sameorigin
@under_policy(LETTER_POLICY)
@uncompressed
@permission_required("backlog.view_notice", raise_exception=True)
def message_html(request: Request, message_id: str) -> HttpResponse:
    """The mail alone, for the frame on its page; its links open in the whole window."""
    html = _mail(request.user, message_id).html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


def _mail(user: User, message_id: str) -> local_mailbox.Mail:
    _require_mailbox()
    mail = local_mailbox.read(message_id)
    if mail is None or not _readable(user, [mail]):
        raise Http404
    return mail


def _readable(user: User, found: Sequence[local_mailbox.Mail]) -> list[local_mailbox.Mail]:
    """Mails of notices the user may see, and mails of no notice."""
    notice_of = {mail.id: rendering.notice_id_of(mail.message_id) for mail in found}
    carried = Notice.objects.filter(pk__in=[pk for pk in notice_of.values() if pk is not None])
    seen = Notice.objects.visible_to(user)
    hidden = set(carried.exclude(pk__in=seen).values_list("pk", flat=True))
    return [mail for mail in found if notice_of[mail.id] not in hidden]


def _require_mailbox() -> None:
    if not settings.EMAIL_BACKEND.endswith(".MailboxBackend"):
        raise Http404
