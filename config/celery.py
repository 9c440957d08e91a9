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


def every(seconds: float, task: str) -> dict[str, Any]:
    """A sweep that found no free worker is not worth keeping: the next one comes soon."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "deliver what is owed": every(15.0, "backlog.deliver_notices"),
    "tell other tools": every(10.0, "backlog.tell_endpoints"),
    "score what is stale": every(60.0, "backlog.score_stale_requests"),
    "put what was opened again on agendas": every(60.0, "council.put_reopened_on_agenda"),
    "close ballots whose time is over": every(60.0, "council.close_due_ballots"),
    "put what meetings left over on agendas": every(60.0, "council.put_left_over_on_agenda"),
    "make the meetings of series ahead": every(3600.0, "council.make_meetings_ahead"),
    "send invitations to meetings": every(20.0, "council.send_invitations"),
    "keep up who is invited to meetings": every(300.0, "council.keep_up_invitations"),
    "seal the ledger": every(60.0, "council.seal_ledger"),
    "approve minutes by silence": every(60.0, "council.approve_minutes"),
    "remind colleagues of what is due": every(60.0, "council.remind"),
    "mail colleagues what they are owed": every(15.0, "council.send_letters"),
    "send people the copies they asked for": every(60.0, "backlog.send_personal_copies"),
    "close imports whose process is gone": every(60.0, "backlog.close_abandoned_imports"),
    "delete files of people who were erased": every(60.0, "backlog.delete_owed_files"),
    "erase words that were kept long enough": {
        "task": "backlog.erase_expired_words",
        "schedule": crontab(hour="18", minute="10"),  # UTC: at night in Seoul
        "options": {"expires": 3600.0},
    },
    "end suggestions that came to nothing": every(3600.0, "backlog.expire_suggestions"),
    "forget old idempotency keys": every(3600.0, "backlog.forget_idempotency_keys"),
}


@app.on_after_configure.connect
def make_broker_folder(sender: Celery, **_: Any) -> None:
    """Kombu's filesystem transport expects its folder to be there."""
    folder = sender.conf.broker_transport_options.get("data_folder_in")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
