from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backlog.rules import personal
from council.rules import personal as rules


class CouncilConfig(AppConfig):
    name = "council"
    verbose_name = _("Council")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from council import tellings  # noqa: PLC0415 -- models can be imported from here on

        tellings.register_readers()
        personal.register(rules.COLUMNS)
