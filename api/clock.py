"""What day it is. Policies count days by Chinese time, stored timestamps are UTC."""

from datetime import UTC, date, datetime, timedelta, timezone

# A fixed offset: China has no summer time, and slim images carry no time zone files.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def today() -> date:
    """Today's date in China."""
    return datetime.now(CHINA).date()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
