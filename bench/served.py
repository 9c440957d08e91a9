"""Settings of the server that is called over HTTP: as in tests, with the bare views beside ours."""

from tests.settings import *

ROOT_URLCONF = "bench.bare"
