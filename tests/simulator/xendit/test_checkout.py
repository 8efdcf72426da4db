"""The hosted checkout page: plain HTML that pays, fails, expires, pays twice and pays late."""

from html.parser import HTMLParser

import httpx
import pytest

from simulator.xendit.checkout import spell
from tests.simulator.xendit.house import House


class Page(HTMLParser):
    """What a page offers: choices, deeds, labels, and what it would load from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.channels: list[str] = []
        self.deeds: list[str] = []
        self.loads: list[str] = []
        self.has_viewport = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "radio":
            self.channels.append(given["value"] or "")
        elif tag == "button":
            self.deeds.append(given["value"] or "")
        elif tag in ("script", "img", "iframe") or (tag == "link" and given.get("href")):
            self.loads.append(tag)
        elif tag == "meta" and given.get("name") == "viewport":
            self.has_viewport = True


def look(house: House, invoice_id: str) -> httpx.Response:
    return house.sim.get(f"/checkout/{invoice_id}")


def act(house: House, invoice_id: str, **form: str) -> httpx.Response:
    return house.sim.post(f"/checkout/{invoice_id}", data=form, follow_redirects=True)


def test_the_page_offers_every_kind_of_channel_and_loads_nothing(house: House) -> None:
    invoice = house.invoice()
    page = Page(httpx.get(invoice["invoice_url"], trust_env=False).text)
    assert {"QRIS", "BCA", "OVO", "CREDIT_CARD"} <= set(page.channels)
    assert page.deeds == ["pay", "fail", "expire"]
    assert (page.loads, page.has_viewport) == ([], True)


def test_the_page_offers_only_what_the_invoice_allows(house: House) -> None:
    invoice_id = house.invoice(payment_methods=["BCA", "OVO"])["id"]
    assert Page(look(house, invoice_id).text).channels == ["BCA", "OVO"]
    assert act(house, invoice_id, deed="pay", channel="QRIS").status_code == 400
    assert house.get("/invoices")[0]["payments"] == []


def test_paying_on_the_page_pays_and_leads_back(house: House) -> None:
    invoice_id = house.invoice(success_redirect_url="https://merchant.example/done?a=1&b=2")["id"]
    answer = act(house, invoice_id, deed="pay", channel="OVO")
    assert [one.status_code for one in answer.history] == [303]
    assert "https://merchant.example/done?a=1&amp;b=2" in answer.text
    house.post("/callbacks/pump")
    assert house.ear.events() == ["PAID"]


def test_a_paid_page_can_be_paid_again_and_an_expired_one_late(house: House) -> None:
    invoice_id = house.invoice()["id"]
    act(house, invoice_id, deed="pay", channel="OVO")
    assert Page(look(house, invoice_id).text).deeds == ["pay"]
    act(house, invoice_id, deed="pay", channel="BCA")
    assert len(house.get("/invoices")[0]["payments"]) == 2
    late_id = house.invoice("att-2")["id"]
    assert "Expired" in act(house, late_id, deed="expire").text
    act(house, late_id, deed="pay", channel="QRIS")
    late = house.get("/invoices?external_id=att-2")[0]
    assert (late["status"], len(late["payments"])) == ("EXPIRED", 1)


def test_a_failed_try_shows_its_reason_and_leaves_the_page_open(house: House) -> None:
    invoice_id = house.invoice(locale="vi")["id"]
    answer = act(house, invoice_id, deed="fail", channel="OVO", reason="DECLINED")
    assert "Thanh toán không thành công: Ngân hàng từ chối (OVO)" in answer.text
    assert house.api.get(f"/v2/invoices/{invoice_id}").json()["status"] == "PENDING"


@pytest.mark.parametrize(
    ("locale", "word"), [("id", "Pilih cara pembayaran"), ("en", "Choose how to pay"), ("fr", "Choose")]
)
def test_the_page_speaks_the_invoices_language(house: House, locale: str, word: str) -> None:
    assert word in look(house, house.invoice(locale=locale)["id"]).text


def test_what_the_merchant_wrote_is_text_and_not_markup(house: House) -> None:
    invoice_id = house.invoice("<b>x</b>", description="<script>alert(1)</script>")["id"]
    text = look(house, invoice_id).text
    assert Page(text).loads == []
    assert "&lt;script&gt;" in text


def test_an_unknown_page_is_not_found(house: House) -> None:
    assert look(house, "nobody").status_code == 404


def test_sums_are_spelled_as_people_spell_them() -> None:
    sums = [spell(350_000, "IDR"), spell(1_250_50, "PHP"), spell(2_000_000, "VND")]
    assert sums == ["Rp350.000", "PHP 1,250.50", "2.000.000 ₫"]
