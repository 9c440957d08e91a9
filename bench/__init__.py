"""Benchmarks: each figure beside a limit that was measured in the same run, on the same rows.

Run by hand or by `make bench`, with DATABASE_URL pointing to a PostgreSQL server; a database of its
own is made and dropped. Each figure is printed as it is known, and kept in `results/`.
`BENCH=large` takes more rows, and an hour or two. They are never timed tests: machines are noisy,
compare ratios.
"""
