"""Rows for tests. Factories only make rows, they never call operations; the time is always NOON."""

from datetime import UTC, datetime
from typing import Final

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
