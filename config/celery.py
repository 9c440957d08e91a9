"""The Celery application: workers deliver what is owed, beat sweeps what a nudge missed."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hearback")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["backlog", "council"])
app.conf.beat_schedule = {
    "deliver what is owed": {"task": "backlog.deliver_notices", "schedule": 15.0},
    "score what is stale": {"task": "backlog.score_stale_requests", "schedule": 60.0},
}
