from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BacklogConfig(AppConfig):
    name = "backlog"
    verbose_name = _("Backlog")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backlog import tellings  # noqa: PLC0415 -- models can be imported from here on

        tellings.register_readers()
