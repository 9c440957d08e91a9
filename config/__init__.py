"""Wires the apps together; importing the Celery app here makes `shared_task` find it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
