"""Settings of the server that is called over HTTP: as in tests, with the bare views beside ours."""

from tests.settings import *  # noqa: F403 -- as the settings of tests do

ROOT_URLCONF = "bench.bare"
