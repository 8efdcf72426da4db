"""How many templates a contact gets a day, since each costs money and too many make people stop reading them.

Within their 24 hours everything is said at once and costs nothing. Outside, what is over the budget of the day waits
for their next word or the digest, whichever comes first; what cannot wait goes all the same: it is gone, it is asked,
or no digest can say it any more before it begins.
"""

from dataclasses import replace
from datetime import datetime

from bot.business.context import Context
from bot.domain import window
from bot.domain.partner import Partner
from bot.lifecycle.place_notices import digests_told_until


def spent(partner: Partner, context: Context, *, is_urgent: bool) -> Partner | None:
    """The partner after a message to them, counted where it goes as a template; none where it has to wait."""
    if window.is_open(partner, context.now):
        return partner
    day = context.now.astimezone(context.business.zone).date()
    used = partner.templates if partner.templates_on == day else 0
    if used >= context.business.sop.partner.templates_a_day and not is_urgent:
        return None
    return replace(partner, templates_on=day, templates=used + 1)


def is_soon(starts_at: datetime, context: Context) -> bool:
    """Whether no digest speaks before that moment."""
    return starts_at < digests_told_until(context.now, context.business.sop.partner, context.business.zone)
