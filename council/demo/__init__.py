"""A demonstration company, built through the operations themselves, and the processes to look at it."""
