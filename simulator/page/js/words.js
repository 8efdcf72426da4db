/** What the phone itself says, in its owner's language, and how it writes times. */

const WORDS = {
  en: {
    roles: { guest: "Guest:", provider: "Provider:", staff: "Staff:", place: "Manager:" },
    language: "English", you: "You", business: "Business", online: "online", typing: "typing…", noConnection: "No connection",
    waiting: "Waiting for connection", write: "Message", send: "Send", attach: "Attach", emoji: "Emoji", close: "Close", back: "Back",
    today: "Today", yesterday: "Yesterday", photo: "Photo", document: "Document", location: "Location", contact: "Contact",
    video: "Video", audio: "Voice message", sticker: "Sticker", reply: "Reply", copy: "Copy", info: "Message info", edit: "Edit",
    unsend: "Delete for everyone", removed: "You deleted this message", edited: "Edited", react: "React",
    options: "Message options", sendLocation: "Send location", shareContact: "Share contact info", sent: "sent", delivered: "delivered",
    read: "read", failed: "not sent", retry: "Try again", newMessages: "New messages", send2: "Send", caption: "Caption",
    latitude: "Latitude", longitude: "Longitude", placeName: "Name of the place", unsupported: "This message is not supported here.",
    formSent: "Response sent", choose: "Choose", open: "Open", greeting: "Hi, I would like to book a massage", phone: "Phone",
    menu: "Phone menu", loading: "Loading…", disabled: "No longer available", quoted: "Replying to", cancel: "Cancel",
    notOpened: "This form cannot be opened.", continue: "Continue", pickDate: "Choose a date", selectOne: "Choose one",
    required: "This is required.", tooShort: "Too short: at least {n} characters.", tooLong: "Too long: at most {n} characters.",
    notEmail: "This is no e-mail address.", notNumber: "This is no number.", notPhone: "This is no phone number.", notPattern: "This does not have the right form.",
    fewer: "At most {n}.", more: "At least {n}.", badDate: "This date cannot be chosen.", months: "Month", previous: "Previous month", next: "Next month",
    discard: "Discard this form?", wrong: "Something went wrong. Try again later.", timeout: "This takes too long. Try again later.",
    from: "From", until: "Until", addFile: "Add file", remove: "Remove", readMore: "Read more", optional: "optional", managed: "Managed by the business.",
  },
  id: {
    roles: { guest: "Tamu:", provider: "Penyedia jasa:", staff: "Staf:", place: "Pengelola:" },
    language: "Bahasa Indonesia", you: "Anda", business: "Bisnis", online: "online", typing: "sedang mengetik…", noConnection: "Tidak ada koneksi",
    waiting: "Menunggu koneksi", write: "Ketik pesan", send: "Kirim", attach: "Lampirkan", emoji: "Emoji", close: "Tutup", back: "Kembali",
    today: "Hari ini", yesterday: "Kemarin", photo: "Foto", document: "Dokumen", location: "Lokasi", contact: "Kontak",
    video: "Video", audio: "Pesan suara", sticker: "Stiker", reply: "Balas", copy: "Salin", info: "Info pesan", edit: "Edit",
    unsend: "Hapus untuk semua orang", removed: "Anda menghapus pesan ini", edited: "Diedit", react: "Beri reaksi",
    options: "Opsi pesan", sendLocation: "Kirim lokasi", shareContact: "Bagikan info kontak", sent: "terkirim", delivered: "sampai",
    read: "dibaca", failed: "tidak terkirim", retry: "Coba lagi", newMessages: "Pesan baru", send2: "Kirim", caption: "Keterangan",
    latitude: "Lintang", longitude: "Bujur", placeName: "Nama tempat", unsupported: "Pesan ini tidak didukung di sini.",
    formSent: "Jawaban terkirim", choose: "Pilih", open: "Buka", greeting: "Halo, saya mau pesan pijat", phone: "Ponsel",
    menu: "Menu ponsel", loading: "Memuat…", disabled: "Tidak tersedia lagi", quoted: "Membalas", cancel: "Batal",
    notOpened: "Formulir ini tidak bisa dibuka.", continue: "Lanjut", pickDate: "Pilih tanggal", selectOne: "Pilih satu",
    required: "Wajib diisi.", tooShort: "Terlalu pendek: minimal {n} karakter.", tooLong: "Terlalu panjang: maksimal {n} karakter.",
    notEmail: "Ini bukan alamat email.", notNumber: "Ini bukan angka.", notPhone: "Ini bukan nomor telepon.", notPattern: "Formatnya tidak sesuai.",
    fewer: "Maksimal {n}.", more: "Minimal {n}.", badDate: "Tanggal ini tidak bisa dipilih.", months: "Bulan", previous: "Bulan sebelumnya", next: "Bulan berikutnya",
    discard: "Batalkan formulir ini?", wrong: "Terjadi kesalahan. Coba lagi nanti.", timeout: "Prosesnya terlalu lama. Coba lagi nanti.",
    from: "Dari", until: "Sampai", addFile: "Tambah file", remove: "Hapus", readMore: "Baca selengkapnya", optional: "opsional", managed: "Dikelola oleh bisnis.",
  },
  vi: {
    roles: { guest: "Khách:", provider: "Người phục vụ:", staff: "Nhân viên:", place: "Quản lý:" },
    language: "Tiếng Việt", you: "Bạn", business: "Doanh nghiệp", online: "trực tuyến", typing: "đang nhập…", noConnection: "Không có kết nối",
    waiting: "Đang chờ kết nối", write: "Nhập tin nhắn", send: "Gửi", attach: "Đính kèm", emoji: "Biểu tượng cảm xúc", close: "Đóng", back: "Quay lại",
    today: "Hôm nay", yesterday: "Hôm qua", photo: "Ảnh", document: "Tài liệu", location: "Vị trí", contact: "Liên hệ",
    video: "Video", audio: "Tin nhắn thoại", sticker: "Nhãn dán", reply: "Trả lời", copy: "Sao chép", info: "Thông tin tin nhắn", edit: "Chỉnh sửa",
    unsend: "Xóa với mọi người", removed: "Bạn đã xóa tin nhắn này", edited: "Đã chỉnh sửa", react: "Bày tỏ cảm xúc",
    options: "Tùy chọn tin nhắn", sendLocation: "Gửi vị trí", shareContact: "Chia sẻ thông tin liên hệ", sent: "đã gửi", delivered: "đã nhận",
    read: "đã xem", failed: "chưa gửi được", retry: "Thử lại", newMessages: "Tin nhắn mới", send2: "Gửi", caption: "Chú thích",
    latitude: "Vĩ độ", longitude: "Kinh độ", placeName: "Tên địa điểm", unsupported: "Tin nhắn này không được hỗ trợ ở đây.",
    formSent: "Đã gửi câu trả lời", choose: "Chọn", open: "Mở", greeting: "Chào bạn, tôi muốn đặt lịch mát-xa", phone: "Điện thoại",
    menu: "Menu điện thoại", loading: "Đang tải…", disabled: "Không còn khả dụng", quoted: "Đang trả lời", cancel: "Hủy",
    notOpened: "Không mở được biểu mẫu này.", continue: "Tiếp tục", pickDate: "Chọn ngày", selectOne: "Chọn một mục",
    required: "Mục này là bắt buộc.", tooShort: "Quá ngắn: ít nhất {n} ký tự.", tooLong: "Quá dài: tối đa {n} ký tự.",
    notEmail: "Đây không phải là địa chỉ email.", notNumber: "Đây không phải là số.", notPhone: "Đây không phải là số điện thoại.", notPattern: "Không đúng định dạng.",
    fewer: "Tối đa {n}.", more: "Ít nhất {n}.", badDate: "Không thể chọn ngày này.", months: "Tháng", previous: "Tháng trước", next: "Tháng sau",
    discard: "Bỏ biểu mẫu này?", wrong: "Đã xảy ra lỗi. Vui lòng thử lại sau.", timeout: "Mất quá nhiều thời gian. Vui lòng thử lại sau.",
    from: "Từ", until: "Đến", addFile: "Thêm tệp", remove: "Xóa", readMore: "Đọc thêm", optional: "không bắt buộc", managed: "Do doanh nghiệp quản lý.",
  },
};

export const LANGUAGES = Object.keys(WORDS);

/** Where phones stand when nobody says where the business is: Jakarta and Hà Nội share UTC+7. */
const ZONE = { en: "Asia/Jakarta", id: "Asia/Jakarta", vi: "Asia/Ho_Chi_Minh" };
let place = "";

/** The phones stand in this zone, whatever their language: two clocks of one appointment would only confuse. */
export function standIn(zone) {
  place = zone;
}

/** The zone of a phone of that language. */
export const zoneOf = (language) => place || ZONE[language];

/** All words of a language. */
export const words = (language) => WORDS[language] ?? WORDS.en;

/** A word with its number put in. */
export const put = (text, n) => text.replace("{n}", String(n));

/** The clock time of a moment, as the phone writes it. */
export function clockTime(moment, language) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zoneOf(language) }).format(new Date(moment));
}

/** A moment's day as `YYYY-MM-DD` where the phone is. */
export function dayOf(moment, language) {
  return new Intl.DateTimeFormat("sv", { timeZone: zoneOf(language) }).format(new Date(moment));
}

/** A date separator: today, yesterday, else the date in full. */
export function dayName(moment, now, language) {
  const day = dayOf(moment, language);
  if (day === dayOf(now, language)) return words(language).today;
  if (day === dayOf(new Date(new Date(now).getTime() - 86400000), language)) return words(language).yesterday;
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: zoneOf(language) }).format(new Date(moment));
}

/** The panes around the phone speak English. */
export const languageOfPage = "en";
