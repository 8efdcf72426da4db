"""The words that ask a customer to which account a refund shall go."""

from collections.abc import Mapping
from typing import Final

from bot.replies.template import Template, t

ACCOUNT_WORDS: Final[Mapping[str, Template]] = {
    "account_ask": t(
        "{amount} for {reference} goes back to you, but the way you paid does not take money back. To which bank or "
        "e-wallet shall I send it?",
        "{amount} untuk {reference} dikembalikan kepada Anda, tetapi cara bayar Anda tidak bisa menerima pengembalian. "
        "Ke bank atau e-wallet mana saya kirim?",
        "{amount} cho {reference} sẽ được hoàn lại cho bạn, nhưng cách bạn đã thanh toán không nhận được tiền hoàn. "
        "Mình chuyển về ngân hàng hoặc ví nào ạ?",
    ),
    "account_refused": t(
        "The bank did not take the account for {amount} ({reference}). Nothing is lost; let us try another one. To "
        "which bank or e-wallet shall I send it?",
        "Bank tidak menerima rekening untuk {amount} ({reference}). Tidak ada yang hilang; mari coba lagi. Ke bank "
        "atau e-wallet mana saya kirim?",
        "Ngân hàng không nhận tài khoản cho khoản {amount} ({reference}). Không mất gì cả, mình thử lại nhé. Mình "
        "chuyển về ngân hàng hoặc ví nào ạ?",
    ),
    "account_which": t(
        "Please choose the bank or e-wallet for {amount} from the list. If yours is not there, talk to a person.",
        "Silakan pilih bank atau e-wallet untuk {amount} dari daftar. Kalau tidak ada, bicara saja dengan orang kami.",
        "Bạn chọn ngân hàng hoặc ví nhận {amount} trong danh sách nhé. Nếu không có, bạn có thể gặp nhân viên.",
    ),
    "account_channels_button": t("Banks and wallets", "Bank dan e-wallet", "Ngân hàng và ví"),
    "account_number": t(
        "{channel}, thank you. What is the account number there?",
        "{channel}, terima kasih. Berapa nomor rekeningnya?",
        "{channel}, cảm ơn bạn. Số tài khoản là gì ạ?",
    ),
    "account_wallet_number": t(
        "{channel}, thank you. What is its phone number? It begins with 08.",
        "{channel}, terima kasih. Berapa nomor HP-nya? Diawali 08.",
        "{channel}, cảm ơn bạn. Số điện thoại của ví là gì ạ? Số bắt đầu bằng 08.",
    ),
    "account_number_wrong": t(
        "That is no account number of {channel}; it has {digits} digits. Please write it once more.",
        "Itu bukan nomor rekening {channel}; jumlahnya {digits} digit. Mohon tulis sekali lagi.",
        "Đó không phải số tài khoản {channel}; số có {digits} chữ số. Bạn nhắn lại giúp mình nhé.",
    ),
    "account_holder": t(
        "In whose name is the account? Please write it as the bank has it.",
        "Atas nama siapa rekeningnya? Mohon tulis persis seperti di bank.",
        "Chủ tài khoản tên gì ạ? Bạn ghi đúng như ở ngân hàng nhé.",
    ),
    "account_holder_wrong": t(
        "I need the name of the account's holder, in letters as the bank has it. Please write it once more.",
        "Saya perlu nama pemilik rekening, dengan huruf seperti di bank. Mohon tulis sekali lagi.",
        "Mình cần tên chủ tài khoản, viết bằng chữ như ở ngân hàng. Bạn nhắn lại giúp mình nhé.",
    ),
    "account_confirm": t(
        "I will send {amount} for {reference} to\n*{channel}* {number}\n{holder}\nIs that right?",
        "Saya akan mengirim {amount} untuk {reference} ke\n*{channel}* {number}\n{holder}\nSudah benar?",
        "Mình sẽ chuyển {amount} cho {reference} về\n*{channel}* {number}\n{holder}\nĐúng chưa ạ?",
    ),
    "account_yes_button": t("Yes, send it", "Ya, kirim", "Đúng, chuyển đi"),
    "account_no_button": t("No, change it", "Bukan, ubah", "Chưa đúng, sửa"),
    "account_taken": t(
        "Thank you. {amount} goes to {channel} {number}; I tell you here as soon as it has been sent.",
        "Terima kasih. {amount} dikirim ke {channel} {number}; saya kabari di sini begitu terkirim.",
        "Cảm ơn bạn. {amount} sẽ được chuyển về {channel} {number}; chuyển xong mình báo tại đây.",
    ),
}
