from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backlog.rules import personal
from council.rules import personal as rules


class CouncilConfig(AppConfig):
    name = "council"
    verbose_name = _("Council")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backlog.rules import events  # noqa: PLC0415
        from council.queries import event_texts, merges  # noqa: PLC0415 -- models can be imported now
        from council.rules.events import RULES  # noqa: PLC0415

        event_texts.register_readers()
        merges.register_obstacles()
        events.register(RULES)
        personal.register(rules.COLUMNS)
