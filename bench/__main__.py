"""`python -m bench [NAME …]`: run all benchmarks, or those whose module is named."""

import importlib
import os
import pkgutil
import sys

import django
from django.db import connection


def main(wanted: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    import bench
    from backlog.auth import origins
    from backlog.rules.origins import COMMAND
    from bench import measure

    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        for module in pkgutil.iter_modules(bench.__path__):
            name = module.name.removeprefix("bench_")
            if module.name.startswith("bench_") and (not wanted or name in wanted):
                with origins.acting(COMMAND, process="bench"):
                    # Most are measured one by one, while they are reported.
                    figures = importlib.import_module(f"bench.{module.name}").figures()
                    measure.report(name, figures)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
