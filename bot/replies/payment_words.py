"""The words of money: the link, what is still to be paid, the receipt, and what becomes of money that came late."""

from collections.abc import Mapping
from typing import Final

from bot.replies.template import Template, t

_FACTS: Final = "*{service}*\n{day}\n{hours} ({zone}){place}\n{people}"

PAYMENT_WORDS: Final[Mapping[str, Template]] = {
    "pay_button": t("Pay now", "Bayar sekarang", "Thanh toán"),
    "pay_first": t(
        f"Reserved for you:\n{_FACTS}\nTo pay: *{{amount}}*\nReference: {{reference}}\n"
        "Please pay by {until}. After that the time is free for others.",
        f"Disimpan untuk Anda:\n{_FACTS}\nTotal: *{{amount}}*\nReferensi: {{reference}}\n"
        "Mohon bayar sebelum {until}. Setelah itu waktu ini dibuka untuk orang lain.",
        f"Đã giữ chỗ cho bạn:\n{_FACTS}\nCần thanh toán: *{{amount}}*\nMã đặt: {{reference}}\n"
        "Vui lòng thanh toán trước {until}. Sau đó giờ này sẽ mở cho người khác.",
    ),
    "pay_rest": t(
        "Thank you, {paid} has arrived for {reference}. Still to pay: *{amount}*, by {until}.",
        "Terima kasih, {paid} sudah kami terima untuk {reference}. Sisanya: *{amount}*, sebelum {until}.",
        "Cảm ơn bạn, đã nhận {paid} cho {reference}. Còn lại: *{amount}*, trước {until}.",
    ),
    "pay_new_link": t(
        "Here is a new payment link for {reference}: *{amount}*, valid until {until}.",
        "Ini tautan pembayaran baru untuk {reference}: *{amount}*, berlaku sampai {until}.",
        "Đây là link thanh toán mới cho {reference}: *{amount}*, hiệu lực đến {until}.",
    ),
    "pay_other_method": t(
        "Another way to pay for {reference}: *{amount}* by bank transfer, until {until}.",
        "Cara lain membayar {reference}: *{amount}* lewat transfer bank, sampai {until}.",
        "Cách thanh toán khác cho {reference}: *{amount}* bằng chuyển khoản ngân hàng, đến {until}.",
    ),
    "pay_nudge": t(
        "{service} on {day} is still waiting for your payment of *{amount}*. I keep it until {until}.",
        "{service} pada {day} masih menunggu pembayaran *{amount}*. Saya simpan sampai {until}.",
        "{service} {day} vẫn đang chờ bạn thanh toán *{amount}*. Mình giữ đến {until} nhé.",
    ),
    "pay_help": t(
        "{reference} is waiting for *{amount}*, until {until}. As soon as the money arrives I confirm here by myself.\n"
        "Payment link: {url}",
        "{reference} menunggu pembayaran *{amount}*, sampai {until}. Begitu uang masuk, saya konfirmasi di sini.\n"
        "Tautan pembayaran: {url}",
        "{reference} đang chờ thanh toán *{amount}*, đến {until}. Khi tiền về, mình sẽ tự xác nhận tại đây.\n"
        "Link thanh toán: {url}",
    ),
    "pay_link_coming": t(
        "The payment link for {reference} is on its way; I send it here in a moment.",
        "Tautan pembayaran untuk {reference} sedang disiapkan; sebentar lagi saya kirim di sini.",
        "Link thanh toán cho {reference} đang được tạo; mình gửi tại đây ngay ạ.",
    ),
    "pay_new_button": t("New link", "Tautan baru", "Link mới"),
    "pay_other_button": t("Another way to pay", "Cara bayar lain", "Cách trả khác"),
    "unpaid_first": t(
        "{reference} is not paid yet (*{amount}*, until {until}). Please pay or cancel it first, then we go on.\n"
        "Payment link: {url}",
        "{reference} belum dibayar (*{amount}*, sampai {until}). Mohon bayar atau batalkan dulu, lalu kita lanjut.\n"
        "Tautan pembayaran: {url}",
        "{reference} chưa thanh toán (*{amount}*, đến {until}). Bạn vui lòng thanh toán hoặc hủy trước, rồi mình tiếp "
        "tục ạ.\nLink thanh toán: {url}",
    ),
    "paid_confirmed": t(
        f"Paid and confirmed ✅\n{_FACTS}\nReceived: *{{amount}}*{{paid_at}}\nReference: {{reference}}{{expect}}",
        f"Lunas, terkonfirmasi ✅\n{_FACTS}\nDiterima: *{{amount}}*{{paid_at}}\nReferensi: {{reference}}{{expect}}",
        f"Đã thanh toán và xác nhận ✅\n{_FACTS}\nĐã nhận: *{{amount}}*{{paid_at}}\nMã đặt: {{reference}}{{expect}}",
    ),
    "pay_expired": t(
        "The time to pay for {service} on {day}, {hours} is over, so I have cancelled it. If you would still like it, "
        "just write. Money that comes now is not lost: I book it if it is still free, or send it back.",
        "Waktu pembayaran {service} pada {day}, {hours} sudah habis, jadi saya batalkan. Kalau masih mau, tulis saja. "
        "Uang yang masuk sekarang tidak hilang: saya pesankan kalau masih kosong, atau saya kembalikan.",
        "Đã hết hạn thanh toán {service} {day}, {hours} nên mình đã hủy. Nếu vẫn muốn, bạn cứ nhắn nhé. Tiền đến sau "
        "không mất: còn trống mình sẽ đặt, nếu không sẽ hoàn lại.",
    ),
    "late_taken": t(
        "Your payment has arrived, but after its time was over, and that time has been taken meanwhile. I am sorry! "
        "Choose another one below and it is paid; without a word from you within 24 hours I send the money back.",
        "Pembayaran Anda sudah masuk, tetapi setelah batas waktu, dan jam itu sudah diambil. Mohon maaf! Pilih waktu "
        "lain di bawah dan sudah lunas; tanpa kabar dalam 24 jam uang saya kembalikan.",
        "Tiền của bạn đã đến, nhưng sau hạn và giờ đó đã có người đặt. Rất tiếc! Bạn chọn giờ khác bên dưới là đã "
        "thanh toán; nếu không có tin trong 24 giờ, mình sẽ hoàn tiền.",
    ),
    "late_nothing_free": t(
        "Your payment has arrived, but after its time was over, and I found no other time at that price. Write another "
        "day; without one within 24 hours I send the money back.",
        "Pembayaran Anda sudah masuk, tetapi setelah batas waktu, dan tidak ada waktu lain dengan harga itu. Tulis "
        "hari lain; tanpa itu dalam 24 jam uang saya kembalikan.",
        "Tiền của bạn đã đến, nhưng sau hạn và không còn giờ nào khác với giá đó. Bạn nhắn ngày khác nhé; nếu không, "
        "sau 24 giờ mình sẽ hoàn tiền.",
    ),
    "late_refund": t(
        "Your payment for {reference} came after the booking was closed, so I send it back to you.",
        "Pembayaran Anda untuk {reference} masuk setelah pesanan ditutup, jadi saya kembalikan.",
        "Tiền cho {reference} đến sau khi lịch đã đóng nên mình hoàn lại cho bạn.",
    ),
    "refund_sent": t(
        "{amount} for {reference} has been sent back to you. Your bank may take some days to show it.",
        "{amount} untuk {reference} sudah dikembalikan. Bank Anda mungkin butuh beberapa hari untuk menampilkannya.",
        "Đã hoàn {amount} cho {reference}. Ngân hàng có thể mất vài ngày để hiển thị.",
    ),
    "refund_needs_account": t(
        "{amount} for {reference} goes back to you by bank transfer. Our team asks you here for the account.",
        "{amount} untuk {reference} dikembalikan lewat transfer bank. Tim kami akan menanyakan rekeningnya di sini.",
        "{amount} cho {reference} sẽ được hoàn qua chuyển khoản. Nhân viên sẽ hỏi số tài khoản của bạn tại đây.",
    ),
    "odd_money": t(
        "A payment for {reference} has arrived, but not as expected. Nothing is lost; our team looks at it "
        "and answers you here.",
        "Pembayaran untuk {reference} sudah masuk, tetapi tidak seperti seharusnya. Tidak ada yang hilang; tim kami "
        "akan memeriksa dan menjawab di sini.",
        "Đã nhận một khoản thanh toán cho {reference} nhưng không như dự kiến. Không mất gì cả; nhân viên sẽ kiểm tra "
        "và trả lời bạn tại đây.",
    ),
    "paid_needs_person": t(
        "{reference} is paid, so a person from our team looks at your wish and the money, and answers you here. Until "
        "then it stays as it is.",
        "{reference} sudah dibayar, jadi tim kami akan mengurus permintaan dan uang Anda, lalu menjawab di sini. "
        "Sampai saat itu semuanya tetap.",
        "{reference} đã thanh toán nên nhân viên sẽ xem yêu cầu và khoản tiền của bạn rồi trả lời tại đây. Tạm thời "
        "mọi thứ giữ nguyên.",
    ),
}
