"""The local mailbox: what would have been sent, as it looks. Only where mail goes to files."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from backlog.delivery import mailbox as letters
from backlog.pages.base import Request, page, under_policy

SHOWN = 100
# A letter is shown as its sender made it, with its styles, and nothing in it can run or be fetched.
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


@require_GET
@permission_required("backlog.view_notice", raise_exception=True)
def mailbox(request: Request) -> HttpResponse:
    _require_mailbox()
    found = letters.messages(limit=SHOWN)
    return page(request, "backlog/mailbox.html", title=_("Mailbox"), letters=found)


@require_GET
@permission_required("backlog.view_notice", raise_exception=True)
def message(request: Request, message_id: str) -> HttpResponse:
    letter = _letter(message_id)
    return page(request, "backlog/letter.html", title=letter.subject, letter=letter)


@require_GET
@xframe_options_sameorigin
@under_policy(LETTER_POLICY)
@permission_required("backlog.view_notice", raise_exception=True)
def message_html(request: Request, message_id: str) -> HttpResponse:
    """The letter alone, for the frame on its page; its links open in the whole window."""
    html = _letter(message_id).html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


def _letter(message_id: str) -> letters.Letter:
    _require_mailbox()
    letter = letters.read(message_id)
    if letter is None:
        raise Http404
    return letter


def _require_mailbox() -> None:
    if not settings.EMAIL_BACKEND.endswith(".MailboxBackend"):
        raise Http404
