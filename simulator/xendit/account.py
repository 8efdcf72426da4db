"""One Xendit account: its desks over one vault."""

from dataclasses import dataclass
from datetime import datetime

from simulator.xendit.beside import Beside
from simulator.xendit.cashout import Payouts
from simulator.xendit.giveback import Refunds
from simulator.xendit.ids import Ids
from simulator.xendit.notices import Notice
from simulator.xendit.payins import Payins
from simulator.xendit.vault import Vault


@dataclass(frozen=True, slots=True)
class Account:
    """The whole state behind the API; no IO, every moment is an argument."""

    vault: Vault
    payins: Payins
    payouts: Payouts
    refunds: Refunds
    beside: Beside

    def advance(self, now: datetime) -> list[Notice]:
        """Lets everything due happen and hands over what is to be told, in order."""
        self.vault.advance(now)
        return self.vault.told()


def new_account(public_url: str, ids: Ids) -> Account:
    """An account that has seen nothing yet."""
    vault = Vault(ids=ids, public_url=public_url.rstrip("/"))
    payins = Payins(vault)
    return Account(vault, payins, Payouts(vault), Refunds(vault, payins), Beside(vault, payins))
