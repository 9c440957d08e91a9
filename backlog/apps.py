from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BacklogConfig(AppConfig):
    name = "backlog"
    verbose_name = _("Backlog")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backlog.queries import event_texts  # noqa: PLC0415 -- models are there from here on

        event_texts.register_readers()
