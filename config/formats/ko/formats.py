"""Dates as Koreans write them, where Django's own have “9:00 오후” and “2026-3-2”."""

DATETIME_FORMAT = "Y년 n월 j일 A g:i"
SHORT_DATE_FORMAT = "Y. n. j."
SHORT_DATETIME_FORMAT = "Y. n. j. H:i"
