"""The broker of installations without Redis: a folder of files, in which anything may lie.

A process that dies, or a disk that is full, leaves empty or broken files. They carry nudges, or say
where nudges go; what is owed is in the database. So they are passed over, and the log says so.
"""

import logging
from pathlib import Path
from time import sleep
from typing import Any, Final

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

BEING_WRITTEN: Final = 0.2  # seconds: Kombu makes a file a moment before it fills it


class Channel(filesystem.Channel):
    """As Kombu's, but what is no message kills nobody."""

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 -- Kombu's
        while True:  # Until a message comes, or Kombu raises that there is none.
            try:
                payload = super()._get(queue)
                self.Message(payload, channel=self)  # As whoever gets it will read it.
            except (ValueError, LookupError, TypeError, AttributeError, ChannelError) as fault:
                logger.warning(
                    "A file in the broker's folder is no message, passed over: %s", fault
                )
            else:
                return payload

    def _exchange_file(self, exchange: str) -> Path:
        file = Path(super()._exchange_file(exchange))  # type: ignore[misc] # The stubs forgot it.
        if file.exists() and not _is_list(file):
            sleep(BEING_WRITTEN)
            if not _is_list(file):
                logger.warning("%s in the broker's folder was broken, and is begun anew", file.name)
                exchanges = self.state.exchanges or {}
                known = exchanges.get(exchange, {}).get("table", [])
                file.write_text(dumps(known))
        return file


def _is_list(file: Path) -> bool:
    try:
        return isinstance(loads(file.read_bytes().decode()), list)
    except (ValueError, OSError):
        return False


class Transport(filesystem.Transport):
    Channel = Channel
