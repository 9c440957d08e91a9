"""Mail with a link by which a colleague sets a password: for the first time, or a forgotten one."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from backlog.delivery.mail import AutomaticMail
from backlog.models import User


def link_for(user: User) -> str:
    """Works once, and until PASSWORD_RESET_TIMEOUT; a new password or a sign-in ends it."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return settings.SITE_URL + reverse("backlog:set-password", args=[uid, token])


def send_link(user: User, *, is_invitation: bool) -> None:
    """In the colleague's own language. Raises what the mail server raises."""
    context = {
        "user": user,
        "site_name": settings.SITE_NAME,
        "link": link_for(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    name = "invitation" if is_invitation else "forgotten_password"
    with translation.override(user.language):
        subject = _("Your way into %(site)s") if is_invitation else _("A new password for %(site)s")
        words = render_to_string(f"emails/{name}.txt", context)
        mail = AutomaticMail(subject % {"site": settings.SITE_NAME}, words, to=[user.email])
    mail.send()
