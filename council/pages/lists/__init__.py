"""The council's lists, as `backlog.pages.lists` declares lists."""
