"""The checkout page's words in English, Indonesian and Vietnamese."""

from dataclasses import dataclass

from simulator.xendit.channels import Method


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the page says."""

    title: str
    simulated: str
    pay_to: str
    pay_before: str
    choose: str
    pay: str
    pay_again: str
    pay_late: str
    fail: str
    reason: str
    let_expire: str
    back: str
    failed: str
    received: str
    status: dict[str, str]
    methods: dict[Method, str]
    reasons: dict[str, str]


EN = Words(
    title="Payment",
    simulated="Simulated checkout: no real money moves.",
    pay_to="Pay to",
    pay_before="Pay before",
    choose="Choose how to pay",
    pay="Pay",
    pay_again="Pay a second time",
    pay_late="Pay late",
    fail="Let this try fail",
    reason="Reason",
    let_expire="Let it expire",
    back="Back to the merchant",
    failed="The payment did not go through",
    received="Received",
    status={
        "PENDING": "Waiting for payment",
        "PAID": "Paid",
        "SETTLED": "Paid",
        "EXPIRED": "Expired",
    },
    methods={
        Method.QR_CODE: "QR code",
        Method.BANK_TRANSFER: "Virtual account",
        Method.EWALLET: "E-wallet",
        Method.CREDIT_CARD: "Card",
        Method.RETAIL_OUTLET: "Shop counter",
        Method.DIRECT_DEBIT: "Direct debit",
        Method.PAYLATER: "Pay later",
    },
    reasons={
        "INSUFFICIENT_BALANCE": "Not enough money",
        "DECLINED": "Declined by the bank",
        "AUTHENTICATION_FAILED": "Wrong PIN or code",
        "CANCELLED_BY_CUSTOMER": "Cancelled by the customer",
        "CHANNEL_UNAVAILABLE": "Channel is down",
    },
)

ID = Words(
    title="Pembayaran",
    simulated="Halaman simulasi: tidak ada uang sungguhan yang berpindah.",
    pay_to="Bayar ke",
    pay_before="Bayar sebelum",
    choose="Pilih cara pembayaran",
    pay="Bayar",
    pay_again="Bayar sekali lagi",
    pay_late="Bayar terlambat",
    fail="Buat percobaan ini gagal",
    reason="Alasan",
    let_expire="Biarkan kedaluwarsa",
    back="Kembali ke penjual",
    failed="Pembayaran tidak berhasil",
    received="Diterima",
    status={
        "PENDING": "Menunggu pembayaran",
        "PAID": "Lunas",
        "SETTLED": "Lunas",
        "EXPIRED": "Kedaluwarsa",
    },
    methods={
        Method.QR_CODE: "Kode QR",
        Method.BANK_TRANSFER: "Virtual account",
        Method.EWALLET: "Dompet digital",
        Method.CREDIT_CARD: "Kartu",
        Method.RETAIL_OUTLET: "Gerai ritel",
        Method.DIRECT_DEBIT: "Debit langsung",
        Method.PAYLATER: "Bayar nanti",
    },
    reasons={
        "INSUFFICIENT_BALANCE": "Saldo tidak cukup",
        "DECLINED": "Ditolak oleh bank",
        "AUTHENTICATION_FAILED": "PIN atau kode salah",
        "CANCELLED_BY_CUSTOMER": "Dibatalkan oleh pelanggan",
        "CHANNEL_UNAVAILABLE": "Kanal sedang gangguan",
    },
)

VI = Words(
    title="Thanh toán",
    simulated="Trang mô phỏng: không có tiền thật nào được chuyển.",
    pay_to="Thanh toán cho",
    pay_before="Thanh toán trước",
    choose="Chọn cách thanh toán",
    pay="Thanh toán",
    pay_again="Thanh toán lần nữa",
    pay_late="Thanh toán muộn",
    fail="Cho lần thử này thất bại",
    reason="Lý do",
    let_expire="Để hết hạn",
    back="Quay lại cửa hàng",
    failed="Thanh toán không thành công",
    received="Đã nhận",
    status={
        "PENDING": "Đang chờ thanh toán",
        "PAID": "Đã thanh toán",
        "SETTLED": "Đã thanh toán",
        "EXPIRED": "Đã hết hạn",
    },
    methods={
        Method.QR_CODE: "Mã QR",
        Method.BANK_TRANSFER: "Tài khoản ảo",
        Method.EWALLET: "Ví điện tử",
        Method.CREDIT_CARD: "Thẻ",
        Method.RETAIL_OUTLET: "Quầy thu hộ",
        Method.DIRECT_DEBIT: "Ghi nợ trực tiếp",
        Method.PAYLATER: "Trả sau",
    },
    reasons={
        "INSUFFICIENT_BALANCE": "Số dư không đủ",
        "DECLINED": "Ngân hàng từ chối",
        "AUTHENTICATION_FAILED": "Sai mã PIN hoặc mã xác thực",
        "CANCELLED_BY_CUSTOMER": "Khách hàng đã hủy",
        "CHANNEL_UNAVAILABLE": "Kênh thanh toán đang gián đoạn",
    },
)


def spoken(locale: str) -> Words:
    """The words of an invoice's locale; English where we have none."""
    return {"id": ID, "vi": VI}.get(locale.lower()[:2], EN)
