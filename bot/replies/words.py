"""The words for people, in three languages: one table, keyed by what is said.

A template's fields are the same in every language (tested), and every text fits WhatsApp's limits at its worst.
"""

from collections.abc import Mapping
from typing import Final

from bot.replies.account_words import ACCOUNT_WORDS
from bot.replies.booking_words import BOOKING_WORDS
from bot.replies.flow_words import FLOW_WORDS
from bot.replies.info_words import INFO_WORDS
from bot.replies.payment_words import PAYMENT_WORDS
from bot.replies.reminder_words import REMINDER_WORDS
from bot.replies.template import Template, t
from intents.understanding import Language

FIRST_WORDS: Final[Mapping[str, Template]] = {
    "greeting": t(
        "Hello{name}! 👋 This is {business}. {offers} Just write what you would like, in your own words.",
        "Halo{name}! 👋 Ini {business}. {offers} Tulis saja apa yang Anda inginkan, dengan kata-kata sendiri.",
        "Xin chào{name}! 👋 Đây là {business}. {offers} Bạn cứ nhắn điều mình muốn, theo cách của bạn.",
    ),
    "greeting_again": t(
        "Hello again{name}! What can I do for you?",
        "Halo lagi{name}! Ada yang bisa saya bantu?",
        "Chào bạn{name}! Mình giúp gì được cho bạn ạ?",
    ),
    "offers": t("I can book for you: {list}.", "Saya bisa memesankan: {list}.", "Mình có thể đặt giúp bạn: {list}."),
    "help": t(
        "Here you can:\n• book by writing what you want and when\n• ask for prices and free times\n"
        "• change or cancel a booking\n• choose your language\n• talk to a person at any time\n"
        "• write STOP and we stay silent\n{offers}",
        "Di sini Anda bisa:\n• memesan dengan menulis apa dan kapan\n• menanyakan harga dan jam kosong\n"
        "• mengubah atau membatalkan pesanan\n• memilih bahasa\n• bicara dengan orang kapan saja\n"
        "• tulis STOP dan kami diam\n{offers}",
        "Ở đây bạn có thể:\n• đặt lịch bằng cách nhắn dịch vụ và thời gian\n• hỏi giá và giờ trống\n"
        "• đổi hoặc hủy lịch\n• chọn ngôn ngữ\n• gặp nhân viên bất cứ lúc nào\n"
        "• nhắn STOP để chúng tôi im lặng\n{offers}",
    ),
    "help_button": t("What can I do here?", "Bisa apa di sini?", "Tôi làm được gì?"),
    "language_button": t("Language", "Bahasa", "Ngôn ngữ"),
    "person_button": t("Talk to a person", "Bicara dengan orang", "Gặp nhân viên"),
    "start_button": t("START", "MULAI", "BẮT ĐẦU"),
    "which_language": t("Which language shall we speak?", "Kita pakai bahasa apa?", "Bạn muốn dùng ngôn ngữ nào?"),
    "language_set": t(
        "Alright, English from now on. What can I do for you?",
        "Baik, mulai sekarang Bahasa Indonesia. Ada yang bisa saya bantu?",
        "Vâng, từ giờ mình nói tiếng Việt. Mình giúp gì được cho bạn?",
    ),
    "handed_over": t(
        "Of course. I have called a person from our team, who will answer you right here. Everything you wrote is "
        "visible to them.",
        "Tentu. Saya sudah memanggil orang dari tim kami yang akan menjawab di sini. Semua pesan Anda terlihat oleh "
        "mereka.",
        "Vâng ạ. Mình đã báo nhân viên, họ sẽ trả lời bạn ngay tại đây. Nhân viên xem được mọi tin bạn đã nhắn.",
    ),
    "person_called": t(
        "I am sorry, I do not understand you well enough. I have called a person from our team, who will answer you "
        "right here.",
        "Maaf, saya belum cukup paham. Saya sudah memanggil orang dari tim kami yang akan menjawab di sini.",
        "Xin lỗi, mình chưa hiểu đủ ý bạn. Mình đã báo nhân viên, họ sẽ trả lời bạn ngay tại đây.",
    ),
    "nobody_came": t(
        "I am sorry, nobody from our team was free until now. I am here again; write PERSON and I will call once more.",
        "Maaf, sampai sekarang belum ada tim kami yang sempat menjawab. Saya kembali di sini; tulis ORANG dan saya "
        "panggil lagi.",
        "Xin lỗi, đến giờ chưa có nhân viên nào rảnh. Mình quay lại đây; nhắn NHÂN VIÊN để mình gọi lại.",
    ),
    "opted_out": t(
        "Done. We will not write to you any more. If you change your mind, write START.",
        "Baik. Kami tidak akan menulis lagi kepada Anda. Kalau berubah pikiran, tulis MULAI.",
        "Đã xong. Chúng tôi sẽ không nhắn cho bạn nữa. Nếu đổi ý, hãy nhắn BẮT ĐẦU.",
    ),
    "still_opted_out": t(
        "You asked us to stay silent, so I do not answer on my own. Write START and I am here for you again.",
        "Anda meminta kami diam, jadi saya tidak menjawab sendiri. Tulis MULAI dan saya siap membantu lagi.",
        "Bạn đã yêu cầu chúng tôi im lặng nên mình không tự trả lời. Nhắn BẮT ĐẦU là mình lại giúp bạn ngay.",
    ),
    "opted_in": t(
        "Welcome back! What can I do for you?",
        "Selamat datang kembali! Ada yang bisa saya bantu?",
        "Chào mừng bạn quay lại! Mình giúp gì được cho bạn?",
    ),
    "not_opted_out": t(
        "I am here. What can I do for you?",
        "Saya di sini. Ada yang bisa saya bantu?",
        "Mình đây ạ. Bạn cần gì?",
    ),
    "thanks": t("With pleasure! 🙏", "Sama-sama! 🙏", "Dạ không có gì ạ! 🙏"),
    "goodbye": t("Goodbye, and see you soon!", "Sampai jumpa!", "Tạm biệt, hẹn gặp lại bạn!"),
    "not_understood": t(
        "Sorry, I did not understand that. Could you say it in other words?",
        "Maaf, saya belum paham. Bisa dijelaskan dengan kata lain?",
        "Xin lỗi, mình chưa hiểu ý bạn. Bạn nói cách khác giúp mình nhé?",
    ),
    "choose_instead": t(
        "Sorry, I still do not understand. Perhaps one of these helps?",
        "Maaf, saya masih belum paham. Mungkin salah satu ini membantu?",
        "Xin lỗi, mình vẫn chưa hiểu. Có thể một trong các mục này giúp được bạn?",
    ),
    "out_of_scope": t(
        "That is beyond what I can do. {offers}",
        "Itu di luar kemampuan saya. {offers}",
        "Việc đó mình chưa làm được ạ. {offers}",
    ),
    "passed_on": t(
        "I have noted that and passed it to our team; a person will answer you right here.",
        "Sudah saya catat dan teruskan ke tim kami; seseorang akan menjawab di sini.",
        "Mình đã ghi lại và chuyển cho nhân viên; họ sẽ trả lời bạn ngay tại đây.",
    ),
    "cannot_see": t(
        "Thank you! I cannot look at pictures or listen to voice notes myself; a person from our team will. If it is "
        "quick, please write it in words.",
        "Terima kasih! Saya belum bisa melihat gambar atau mendengar pesan suara; tim kami yang akan membukanya. "
        "Kalau singkat, silakan tulis dengan kata-kata.",
        "Cảm ơn bạn! Mình chưa xem được ảnh hay nghe tin thoại; nhân viên sẽ xem giúp. Nếu ngắn, bạn gõ chữ giúp "
        "mình nhé.",
    ),
    "cannot_read": t(
        "I cannot read this kind of message. Please write it in words.",
        "Saya belum bisa membaca jenis pesan ini. Mohon tulis dengan kata-kata.",
        "Mình chưa đọc được loại tin này. Bạn gõ bằng chữ giúp mình nhé.",
    ),
    "stumbled": t(
        "I am sorry, I stumbled over your message. A person from our team will look at it and answer you here.",
        "Maaf, saya tersandung pada pesan Anda. Tim kami akan melihatnya dan menjawab di sini.",
        "Xin lỗi, mình gặp trục trặc với tin nhắn của bạn. Nhân viên sẽ xem và trả lời bạn tại đây.",
    ),
}

WORDS: Final[Mapping[str, Template]] = {
    **FIRST_WORDS,
    **BOOKING_WORDS,
    **PAYMENT_WORDS,
    **REMINDER_WORDS,
    **ACCOUNT_WORDS,
    **FLOW_WORDS,
    **INFO_WORDS,
}

LANGUAGE_NAMES: Final[Mapping[Language, str]] = {
    Language.EN: "English",
    Language.ID: "Bahasa Indonesia",
    Language.VI: "Tiếng Việt",
}


def say(key: str, language: Language, **fields: str) -> str:
    """That text in that language, with its fields filled in."""
    return WORDS[key][language].format(**fields).replace("  ", " ").strip()
