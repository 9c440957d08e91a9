"""The Celery application: workers deliver what is owed, beat sweeps what a nudge missed."""

import os
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab

from backlog.auth import origins
from backlog.rules.origins import WORKER

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Run(Task):  # type: ignore[type-arg]
    """Each run of a task is on record as what it did."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with origins.acting(WORKER, process=self.name, correlation=self.request.id or ""):
            return super().__call__(*args, **kwargs)


app = Celery("hearback", task_cls=Run)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["backlog", "council"])
# A sweep that found no free worker is not worth keeping: the next one comes soon.
app.conf.beat_schedule = {
    "deliver what is owed": {
        "task": "backlog.deliver_notices",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "tell other tools": {
        "task": "backlog.tell_endpoints",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "score what is stale": {
        "task": "backlog.score_stale_requests",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "put what was opened again on agendas": {
        "task": "council.put_reopened_on_agenda",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "put what meetings left over on agendas": {
        "task": "council.put_left_over_on_agenda",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "send people the copies they asked for": {
        "task": "backlog.send_personal_copies",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "close imports whose process is gone": {
        "task": "backlog.close_abandoned_imports",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "delete files of people who were erased": {
        "task": "backlog.delete_owed_files",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "erase words that were kept long enough": {
        "task": "backlog.erase_expired_words",
        "schedule": crontab(hour="18", minute="10"),  # UTC: at night in Seoul
        "options": {"expires": 3600.0},
    },
    "forget old idempotency keys": {
        "task": "backlog.forget_idempotency_keys",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}


@app.on_after_configure.connect
def make_broker_folder(sender: Celery, **_: Any) -> None:
    """Kombu's filesystem transport expects its folder to be there."""
    folder = sender.conf.broker_transport_options.get("data_folder_in")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
