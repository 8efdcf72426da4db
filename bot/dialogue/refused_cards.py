"""A card that was refused ("my card was declined"): what the books know of it, and what can be done now.

Xendit tells of no single try on its page (`failed_payments`): until the link dies, only the customer says so.
"""

from typing import Final

from bot.business.context import Context
from bot.dialogue import failed_payments, takeover
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import says_one_of
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, Modification, State
from bot.replies import changes as change_words
from bot.replies import payment as words
from intents import turns
from intents.understanding import Intent

_MOST_WORDS: Final = 30
"""Longer texts are stories, which are read as a whole."""
_MEANS: Final = (
    *("card", "cards", "visa", "mastercard", "amex", "payment", "pay", "paying", "transaction", "bank", "transfer"),
    *("kartu", "kartunya", "kartuku", "pembayaran", "pembayarannya", "pembayaranku", "bayar", "bayarnya", "transaksi"),
    *("transaksinya", "gopay", "ovo", "qris", "transfernya", "debit", "kredit", "kreditku"),
    *("thẻ", "thanh toán", "trả tiền", "giao dịch", "chuyển khoản", "quẹt"),
)
"""What money is paid with."""
_REFUSED: Final = (
    *("declined", "refused", "rejected", "denied", "not accepted", "wasn't accepted", "won't accept", "doesn't accept"),
    *("failed", "fails", "failing", "didn't go through", "doesn't go through", "won't go through", "not go through"),
    *("not going through", "isn't going through", "unsuccessful", "not working", "doesn't work", "didn't work"),
    *("won't work", "isn't working", "blocked", "can't pay", "cannot pay"),
    *("ditolak", "tertolak", "ketolak", "gagal", "tidak berhasil", "ga berhasil", "gak berhasil"),
    *("nggak berhasil", "tidak diterima", "ga tembus", "gak tembus", "error", "ga bisa bayar", "gak bisa bayar"),
    *("nggak bisa bayar", "tidak bisa bayar", "ga bisa dipakai", "gak bisa dipakai", "nggak bisa dipakai"),
    *("tidak bisa dipakai", "belum bisa dipakai"),
    *("từ chối", "thất bại", "bị lỗi", "báo lỗi", "không thành công", "thanh toán không được", "quẹt không được"),
    *("thẻ không được", "không thanh toán được", "không trả được", "không quẹt được", "không chấp nhận", "bị khóa"),
)
"""That it was not taken."""
_ASKED: Final = ("can i pay", "could i pay", "do you accept", "bisa bayar pakai", "apakah bisa dipakai", "có nhận thẻ")
"""Whoever asks what can be paid with has tried nothing yet."""


def says_refused(text: str) -> bool:
    """Whether somebody tells that their money was not taken."""
    if len(text.split()) > _MOST_WORDS or says_one_of(text, _ASKED):
        return False
    return says_one_of(text, _MEANS) and says_one_of(text, _REFUSED)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What the books say of the money that is waited for, with the link and the other ways, or the person who is asked
    for with it; none where no money is, and none to who wishes for an end or another day with it."""
    if turn.tap is not None or not says_refused(turn.text):
        return None
    if Intent.TALK_HUMAN in turn.understanding.intents:
        return takeover.asked_for_person(lead, turn.at, context)
    if turns.cancels(turn.text) or turn.says_facts:
        return None
    lead = lead.conversing(misunderstood=0)
    for booking in reversed(lead.bookings):
        change = booking.change
        if change is not None and booking.modification is Modification.AWAITING_PAYMENT:
            if change.has_dead_link:
                return failed_payments.said_of_change(lead, booking, change, context)
            if change.pay_url is not None:
                return Outcome(lead).requesting(change_words.refused(lead, booking, change, context))
        if booking.state is State.PAYMENT_PENDING and booking.pay_by is not None:
            if booking.has_dead_link:
                return failed_payments.said(lead, booking, context)
            return Outcome(lead).requesting(words.refused(lead, booking, context))
    for booking in reversed(lead.bookings):
        if booking.state not in CLOSED and booking.paid is not None and booking.paid == booking.due:
            # they tried once more than was needed, or the news of the refusal is older than the money
            return Outcome(lead).requesting(words.payment_notice(lead, "payment.refused_but_in", booking, context))
    return None
