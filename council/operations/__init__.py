"""Every write to the council's records: one function for each thing a person or the clock does.

All take `by` and `at`. Rows are locked in one order everywhere, after those of the backlog:
request, council, series, meeting (whose lock covers its agenda items, attendances and
invitations), ballot (whose lock covers its stances), action item. The database locks a request or a
council for every row inserted that refers to it, events included: so these come first.
"""
