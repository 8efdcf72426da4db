"""Times as a list and a thread show them: in the business's zone, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.replies import times
from webhooks.console import words

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, where and when."""

    now: datetime
    """Business time."""
    zone: ZoneInfo
    language: str

    def short(self, at: datetime) -> str:
        """The time today, "yesterday", the weekday within a week, else the day."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        days = (today - local.date()).days
        if days == 0:
            return times.clock(at, self.zone, self.language)
        if days == 1:
            return words.say("time.yesterday", self.language)
        return times.short_day(local.date(), self.language)

    def clock(self, at: datetime) -> str:
        """The time of day on the wall."""
        return times.clock(at, self.zone, self.language)

    def exact(self, at: datetime) -> str:
        """Day and time."""
        return times.short_moment(at, self.zone, self.language)

    def day(self, at: datetime) -> str:
        """Between the lines of a thread: today, yesterday, or the day."""
        local, today = at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date()
        if local == today:
            return words.say("time.today", self.language)
        if local == today - _DAY:
            return words.say("time.yesterday", self.language)
        return times.day_in_words(local, self.language)

    def span(self, length: timedelta) -> str:
        """How long, in its two largest units: "3 h 12 min"."""
        minutes = max(0, int(length.total_seconds() // 60))
        days, hours = minutes // 1440, minutes // 60 % 24
        if days:
            return words.say("time.days_hours", self.language, days=days, hours=hours)
        if hours:
            return words.say("time.hours_minutes", self.language, hours=hours, minutes=minutes % 60)
        return words.say("time.minutes", self.language, minutes=minutes)

    def exact_text(self, at: str | None) -> str:
        """The same of a moment as the API writes it."""
        return "" if at is None else self.exact(datetime.fromisoformat(at))
