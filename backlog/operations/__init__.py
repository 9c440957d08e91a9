"""Every write to the backlog: one function for each thing a person or the clock does.

All take `by` (None: the system) and `at`. Rows are locked in one order everywhere, so that no two
operations can wait for each other: product, request, sprint, commitment, outcome, customer,
obligation, notice; the council's rows come after all of these.
"""
