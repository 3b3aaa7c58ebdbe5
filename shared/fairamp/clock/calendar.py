"""Dates from seconds, and back. Seconds count from 1970 on, without leap seconds; a date is (year, month, day, hour,
minute, second)."""

DAY_S = 86400
# Days of 400 years, and from the 1st of March of the year 0 to 1970.
_CYCLE = 146097
_BEFORE = 719468


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970."""
    # A year that begins in March has the day that some lack at its end.
    if month < 3:
        year -= 1
        month += 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day - 1 - _BEFORE


def seconds(date) -> int:
    year, month, day, hour, minute, second = date
    return DAY_S * day_number(year, month, day) + 3600 * hour + 60 * minute + second


def date(seconds: int):
    days, rest = divmod(seconds, DAY_S)
    cycle, day = divmod(days + _BEFORE, _CYCLE)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    year += 400 * cycle + month // 10
    return year, (month + 2) % 12 + 1, day + 1, rest // 3600, rest // 60 % 60, rest % 60


def is_date(date) -> bool:
    """Can it be? Of the months with fewer days than 31 nobody makes a difference here."""
    _, month, day, hour, minute, second = date
    return 1 <= month <= 12 and 1 <= day <= 31 and 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60


def text(date) -> str:
    """2026-06-21 14:00:00"""
    return "%04d-%02d-%02d %02d:%02d:%02d" % tuple(date)
