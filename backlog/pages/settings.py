"""What is set up once: a page that leads to it, by group and as far as the reader may."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.pages.base import page


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """The groups are the menu's (config.rooms), which every template knows."""
    return page(request, "backlog/settings.html", title=_("Settings"))
