"""`manage.py demo`: a company to look at, with web server, worker and beat. See `make demo`."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backlog.models import User
from council.demo import company, processes, sign_ins

PATIENCE = 60
WEB = ("config.wsgi", "--preload", "--workers=2", "--threads=4")
WORKER = ("-A", "config", "worker", "--concurrency=2")
# Without a file of its own in the working directory, which would outlive it.
BEAT = ("-A", "config", "beat", "--pidfile=")


class Command(BaseCommand):
    help = "Build the demonstration company if it is not there, and serve it until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMO:
            # Settings are read once, at start: begin again with those of the demo.
            os.environ["DEMO"] = "yes"
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
        port = settings.PORT
        if not processes.is_free(port):
            raise CommandError(f"Port {port} is taken. Choose another: PORT=8001 make demo")
        try:
            self._prepare()
        except KeyboardInterrupt as interrupt:
            raise CommandError("Stopped. The next “make demo” goes on from here.") from interrupt
        self._serve(port)

    def _prepare(self) -> None:
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0)
        with ThreadPoolExecutor() as beside:
            collecting = beside.submit(self._collect)
            if not User.objects.exists():
                self._say("Building the demonstration company …")
                company.build(at=timezone.now(), progress=self.stdout.isatty())
            collecting.result()

    def _collect(self) -> None:
        """Compressing the static files takes a core for some seconds."""
        storage: Any = staticfiles_storage
        if not storage.is_current():
            call_command("collectstatic", "--no-input", "--clear", verbosity=0)

    def _serve(self, port: int) -> None:
        demo = processes.Processes(dict(os.environ), logs=settings.DATA_DIR / "logs")
        demo.stop_on_signals()
        try:
            demo.start("web", "gunicorn", [*WEB, "--bind", f"127.0.0.1:{port}"])
            # First the site, then the rest: they would only wait for each other.
            if demo.wait_until_answering(f"http://127.0.0.1:{port}/healthz", PATIENCE):
                demo.start("worker", "celery", WORKER)
                demo.start("beat", "celery", BEAT)
                self._say(sign_ins.welcome(settings.SITE_URL))
            elif not demo.is_stopping and demo.first_ended() is None:
                raise CommandError(f"No answer for {PATIENCE} seconds. See {demo.log('web')}")
            ended = demo.wait()
            if ended is not None:
                raise CommandError(f"“{ended}” ended. See {demo.log(ended)}")
        finally:
            demo.stop()
            self._say("Stopped.")

    def _say(self, words: str) -> None:
        """At once, also where nobody reads along on a terminal."""
        self.stdout.write(words)
        self.stdout.flush()
