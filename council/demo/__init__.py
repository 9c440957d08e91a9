"""A demonstration company, built through the operations, and the processes to look at it."""
