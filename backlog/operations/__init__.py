"""Every write to the backlog: one function for each thing a person or the clock does.

All take `by` (None: the system) and `at`. Rows are locked in one order everywhere, so that no two
operations can wait for each other: product, request, sprint, commitment, outcome or status update,
customer, feedback, obligation, notice, suggestion; the council's rows come after all of these.
Several rows of a kind are locked in the order of their ids. Locks are `no_key`: they keep other
writers out, and let rows that point to the locked one come in, which otherwise would wait for it,
or deadlock with it.
"""
