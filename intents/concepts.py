"""Words of three languages gathered under one idea each, so that what is learned in one language helps the others.

All phrases are without diacritics, as `fold` leaves them.
"""

from __future__ import annotations

_LINES = """
BOOK: book|booking|booked|reserve|reservation|reservations|appointment|appointments|schedule me|
  sign me up|put me down|pencil me in|arrange|set up|slot me in|pesan|pesen|memesan|mesen|mesan|booking|
  buking|reservasi|daftar|daftarin|jadwalin|jadwalkan|bikin janji|janji temu|buat janji|dat|dat lich|
  dat cho|dat hen|dat phong|book lich|len lich|hen lich|giu cho|dang ky lich|xep lich|dat truoc|datlich|
  dat ban|xep cho|lay hen
CANCEL: cancel|cancelled|canceled|cancelling|canceling|cancellation|call off|calling off|drop my|
  delete my|scrap|remove my|batal|batalin|batalkan|dibatalin|dibatalkan|ngebatalin|cancelin|dicancel|
  membatalkan|pembatalan|gajadi|ga jadi|gak jadi|nggak jadi|tidak jadi|gk jadi|ngga jadi|hapus|huy|
  huy lich|huy hen|huy bo|bo lich|khong dat nua|xoa lich|khoi dat|huy don|ko di nua|khong di nua|
  thoi khong|huy dum|huy giup
MOVE: reschedule|rescheduling|resched|move|moving|postpone|push back|push|shift|bring forward|another day|
  another time|different day|different time|change the time|change the date|change my|later date|swap|
  switch my|delay|pindah|pindahin|pindahkan|dipindah|mindahin|undur|undurin|mundur|mundurin|diundur|
  majuin|maju|geser|geserin|ganti jadwal|ganti hari|ganti jam|ganti tanggal|ubah jadwal|ubah jam|
  ubah hari|ubah tanggal|reskedul|resched|tunda|ditunda|atur ulang|jadwal ulang|doi|doi lich|doi gio|
  doi ngay|doi hen|doi sang|doi qua|doi|chuyen lich|chuyen sang|chuyen qua|chuyen hen|doi lai|hoan|
  hoan lich|lui|lui lich|lui lai|sang ngay khac|gio khac|ngay khac|hom khac|don lich|doi lich lai
PAY: pay|paid|paying|payment|payments|transfer|transferred|charge|charged|checkout|deposit|invoice|bill|
  bayar|bayarnya|pembayaran|dibayar|bayaran|transfer|tf|trf|ditransfer|tagihan|dp|lunas|pelunasan|invoice|
  thanh toan|tra tien|chuyen khoan|ck|chuyen tien|dat coc|coc|hoa don|tien coc|tra truoc|thanh toan|
  ck roi|bank roi
PAYWAY: card|credit card|debit card|debit|visa|mastercard|cash|paypal|bank account|bank|qris|qr|qr code|
  gopay|ovo|dana|shopeepay|linkaja|va|virtual account|bca|mandiri|bri|bni|kartu kredit|kartu|tunai|cash|
  rekening|norek|no rek|rek|e wallet|ewallet|momo|zalopay|vnpay|vietcombank|techcombank|the tin dung|the|
  tien mat|so tai khoan|stk|tai khoan|ma qr|quet ma|apple pay|google pay|link|wise|alipay|installments|
  cicil|cicilan|tra gop
FAIL: failed|fails|failing|error|declined|doesnt work|not working|wont load|wont go through|
  didnt go through|stuck|problem|trouble|issue|rejected|expired|not loading|twice|double|gagal|error|eror|
  ga bisa|gak bisa|tidak bisa|nggak bisa|gabisa|ngga bisa|ditolak|kedaluwarsa|kadaluarsa|expired|masalah|
  kendala|loading terus|dua kali|dobel|loi|bi loi|khong duoc|that bai|khong thanh cong|tu choi|het han|
  truc trac|su co|khong vao duoc|bi tru|hai lan|chua thay|khong mo duoc
REFUND: refund|refunded|money back|reimburse|refundable|balikin uang|uang kembali|pengembalian|
  dana kembali|uang balik|hoan tien|hoan lai|tra lai tien|lay lai tien|hoan coc
PROOF: receipt|proof|screenshot|struk|bukti|kuitansi|bukti transfer|bien lai|bien nhan|bill|anh chup|
  hoa don do
PRICE: price|prices|pricing|cost|costs|rate|rates|fee|fees|charge for|pricelist|price list|quote|
  how expensive|harga|harganya|tarif|tarifnya|biaya|biayanya|hrg|ongkos|pricelist|kena berapa|gia|gia ca|
  bang gia|chi phi|bao gia|muc gia|phi|het bao nhieu|bao tien
HOWMUCH: how much|how many dollars|whats the price|what does it cost|berapa|berapaan|brp|brapa|brpa|
  brapaan|bao nhieu|bn|bnhieu|bao nhiu|nhieu tien|may tien|bn tien|bnhiu|nhiu|may tram|nhieu
DISCOUNT: discount|discounts|promo|promotion|deal|deals|offer|offers|cheaper|cheap|expensive|voucher|
  coupon|diskon|diskonan|promonya|promo|murah|lebih murah|mahal|kemahalan|nego|kurangin|potongan|giam gia|
  khuyen mai|km|uu dai|re|re hon|mac|dat qua|bot|giam|ma giam
AVAIL: available|availability|free slots|any slots|openings|opening|vacancy|vacancies|open slots|spots|
  spot left|spaces|fully booked|free|slots|slot|kosong|tersedia|available|slot kosong|jadwal kosong|
  ada jadwal|full|penuh|ready|avail|masih ada|ada slot|ada tempat|lowong|con cho|con trong|con lich|trong|
  con slot|con khong|con ko|slot trong|kin lich|het cho|lich trong|gio trong|full lich|ranh|con phong|
  con gio|co lich|con nhan khach
WHEN: when|what time|what times|which day|which days|what day|kapan|jam berapa|hari apa|jam brp|
  tanggal berapa|khi nao|luc nao|may gio|ngay nao|hom nao|bao gio|gio nao|bgio
WHERE: where|address|location|located|directions|map|maps|how do i get|how far|parking|park|alamat|lokasi|
  dimana|di mana|dmn|dmana|maps|sherlok|shareloc|share loc|parkir|parkiran|arah|jauh|dekat|dia chi|o dau|
  cho nao|vi tri|duong nao|ban do|dinh vi|gui xe|do xe|bai xe|cho dau xe|quan may|chi nhanh|cabang|branch
HOURS: opening hours|open|close|closed|closing|business hours|open until|jam buka|buka|tutup|
  jam operasional|buka jam|mo cua|dong cua|gio mo cua|may gio mo|gio lam viec|lam viec|hoat dong
INFO: info|information|details|detail|tell me|explain|describe|know more|learn more|include|included|
  includes|policy|policies|rules|allowed|bring|wear|how long|duration|last|what is|whats|difference|
  informasi|infonya|jelasin|jelaskan|keterangan|detailnya|termasuk|udah termasuk|aturan|syarat|kebijakan|
  bawa|berapa lama|durasi|bedanya|perbedaan|apa itu|apa saja|apa aja|thong tin|chi tiet|tu van|gioi thieu|
  bao gom|gom|chinh sach|quy dinh|mang theo|bao lau|keo dai|khac nhau|khac gi|la gi|nhu the nao|ra sao|
  co gi|nhung gi|gom nhung gi
FEATURE: wifi|kids|children|child|pets|dog|pregnant|wheelchair|vegetarian|vegan|halal|female therapist|
  towels|shower|pool|breakfast|safe|allergy|allergic|insurance|experienced|certified|anak|bayi|hamil|
  hewan|terapis|handuk|kolam|sarapan|aman|alergi|sertifikat|tre em|em be|bau|thu cung|ky thuat vien|khan|
  ho boi|an sang|an toan|di ung|bao hiem|minor|elderly
SERVICE: massage|massages|spa|facial|facials|yoga|haircut|manicure|pedicure|nails|scrub|hot stone|
  deep tissue|thai massage|balinese massage|foot massage|couple massage|body scrub|sauna|chef|
  private chef|airport transfer|transfer bandara|airport pickup|driver|tour|tours|scooter|laundry|
  photographer|checkup|cleaning|whitening|consultation|therapy|treatment|treatments|package|packages|
  session|class|lesson|snorkeling|diving|surf lesson|surfing|boat|fast boat|dinner|bbq|iv drip|
  physiotherapy|barber|waxing|lashes|room|villa|pijat|pijet|pijit|urut|refleksi|lulur|totok|creambath|
  potong rambut|perawatan|paket|kelas|sesi|sewa motor|antar jemput|jemput bandara|sopir|supir|tur|trip|
  koki|makan malam|konsultasi|terapi|kamar|scaling|tambal gigi|cabut gigi|cuci muka|mat xa|massage body|
  xoa bop|cham soc da|goi dau|lam mong|cat toc|tay trang rang|nho rang|nieng rang|cao voi|kham|kham rang|
  tu van da|tam trang|xong hoi|goi|lieu trinh|dich vu|lop|buoi|don san bay|dua don|thue xe|xe may|tai xe|
  dau bep|phong doi|da nong|chup hinh|tri mun|triet long|noi mi|phun xam|botox|filler|laser|implant
MENU: menu|list|catalog|catalogue|options|what services|services|service|what do you offer|
  what do you have|layanan|daftar|pilihan|ada apa|jasa|treatmentnya|dich vu|danh sach|cac goi|
  nhung dich vu|bang dich vu|co nhung
STATUS: status|confirmed yet|did you get|did it go through|go through|received|check my|my booking|
  my appointment|my reservation|my order|is my|whats my|when is my|still on|am i booked|reference|
  booking number|order number|udah masuk|sudah masuk|udah diterima|sudah diterima|cek|ngecek|booking saya|
  pesanan saya|bookingan saya|bookingan|pesananku|bookingku|jadwal saya|jadwalku|reservasi saya|statusnya|
  kode booking|nomor booking|udah beres|udah confirm|sudah terkonfirmasi|lich cua toi|lich cua minh|
  lich hen cua|don cua|lich cua em|kiem tra|check|tinh trang|da dat duoc chua|ma dat|ma dat cho|
  xac nhan chua|dat duoc chua|nhan duoc chua|duoc chua|co lich chua|lich da dat|xem lai lich
HUMAN: human|person|agent|real person|someone|staff|operator|representative|manager|reception|
  receptionist|customer service|support|live agent|owner|team|orang|orang asli|manusia|cs|admin|adminnya|
  operator|petugas|staf|manajer|resepsionis|pemilik|langsung orang|nhan vien|nguoi that|tu van vien|
  tong dai|quan ly|le tan|cskh|cham soc khach hang|nguoi tu van|chu quan|admin that|bac si|support
TALK: talk|speak|chat with|connect me|transfer me to|call me|phone me|contact|put me through|hand me|
  bicara|ngomong|ngobrol|sambungkan|sambungin|hubungi|hubungkan|telepon|telpon|call|kontak|noi chuyen|gap|
  ket noi|goi lai|goi cho|lien he|trao doi|noi may|goi dien
BOT: bot|robot|machine|ai|chatbot|automated|mesin|otomatis|may tra loi|tu dong|con bot
GREET: hi|hello|hey|good morning|good afternoon|good evening|good day|howdy|hiya|yo|greetings|halo|hai|
  hallo|helo|haloo|hi kak|selamat pagi|selamat siang|selamat sore|selamat malam|permisi|assalamualaikum|
  assalamu alaikum|pagi kak|siang kak|sore kak|malam kak|misi|om swastiastu|punten|p|xin chao|chao|
  chao shop|chao ban|alo|chao em|chao anh|chao chi|hello shop|hi shop|chao buoi sang|shop oi|ad oi|em chao
THANK: thanks|thank you|thx|tq|ty|thank u|appreciate|grateful|cheers|tks|much obliged|terima kasih|
  makasih|makasi|mksh|trims|terimakasih|thanks|tengkyu|tq|suwun|nuhun|hatur nuhun|matur suwun|trimakasih|
  mksi|thankyou|cam on|cam on shop|cam on nhieu|camon|cam on ban|tks|thank|c on|biet on
BYE: bye|goodbye|see you|see ya|later gator|take care|good night|cya|farewell|ttyl|catch you|dadah|
  sampai jumpa|sampai ketemu|sampai nanti|dah|daah|bye bye|babay|selamat tinggal|see u|tam biet|
  hen gap lai|chao nhe|chao tam biet|pp|bai|bai bai|gap lai sau|ngu ngon
YES: yes|yeah|yep|yup|sure|correct|right|confirm|confirmed|absolutely|definitely|of course|certainly|
  sounds good|agreed|agree|go ahead|deal|perfect|lets do it|fine|works for me|ok|okay|okey|oke|okeh|sip|
  siip|ya|iya|iyaa|yoi|betul|bener|benar|setuju|boleh|lanjut|lanjutkan|gas|gaskeun|jadi|konfirmasi|bisa|
  cocok|deal|siap|mantap|dung|dung roi|vang|da|u|uh|um|dong y|duoc|chot|xac nhan|chuan|nhat tri|oki|okie|
  chinh xac|hop ly|ok luon|lam luon|tien hanh
NO: no|nope|nah|not really|dont want|no thanks|never mind|nevermind|not now|wrong|incorrect|disagree|
  not that|tidak|tdk|gak|ga|nggak|enggak|ngga|gk|bukan|salah|jangan|ogah|kagak|males|tak|nda|ndak|khong|
  ko|k|hong|hok|hem|chua|sai|sai roi|khong phai|dung|khoi|thoi|bo qua|khong can|khong dong y|khum
LANG: english|vietnamese|indonesian|bahasa|inggris|tieng anh|tieng viet|tieng indonesia|indo|
  bahasa indonesia|bahasa inggris|language|bahasa|ngon ngu|indonesia|vietnam|chinese|mandarin|japanese|
  francais|korean
LANGVERB: speak|switch to|change to|in english|reply in|use|talk in|write in|translate to|pakai|pake|
  ganti|balas|jawab|ngomong|dung|noi|chuyen sang|tra loi bang|viet bang|chuyen|doi sang
HELP: help|assist|assistance|what can you do|how does this work|how do i|how to|instructions|guide|lost|
  confused|bantu|bantuan|bantuin|tolong|cara|caranya|gimana cara|bingung|panduan|bisa apa|tutorial|giup|
  tro giup|huong dan|lam sao|lam the nao|cach|ho tro|khong biet lam|lam duoc gi|khong hieu cach
REPEAT: repeat|again|say that again|come again|pardon|what did you say|once more|resend|send again|
  didnt catch|missed that|didnt understand|dont understand|rephrase|say again|huh|ulang|ulangi|ulangin|
  sekali lagi|maksudnya|maksud|gimana tadi|apa tadi|kirim ulang|kirim lagi|ga ngerti|gak ngerti|
  tidak mengerti|gak paham|ga paham|hah|nhac lai|noi lai|lap lai|gui lai|chua hieu|khong hieu|y la sao|
  gi co|nghia la gi|la sao|viet lai|doc lai|chua nghe|noi gi
STOP: stop|unsubscribe|opt out|stop messaging|stop sending|stop texting|no more messages|spam|spamming|
  remove me|dont message|dont text|leave me alone|take me off|mailing list|berhenti|berhentikan|
  stop kirim|jangan kirim|jangan hubungi|jangan chat|jangan wa|berhenti langganan|unsub|hapus nomor|ngung|
  ngung gui|dung gui|dung nhan tin|huy dang ky|khong nhan tin|dung lam phien|lam phien|khong muon nhan|
  thoi gui|dung spam|tu choi nhan
START: start|subscribe|resubscribe|opt in|sign me back|keep me posted|receive messages|receive updates|
  mulai|langganan|berlangganan|aktifkan|terima promo|bat dau|dang ky nhan|nhan tin lai|dang ky lai|
  nhan tin khuyen mai|nhan thong bao
MSG: messages|message|texts|promotional|promotions|newsletter|notifications|updates|marketing|broadcast|
  pesan promo|broadcast|notifikasi|iklan|tin nhan|quang cao|thong bao|tin quang cao
WANT: want|would like|id like|wanna|looking to|hoping to|need|interested|mau|mo|pengen|pingin|ingin|pgn|
  hendak|minat|muon|can|dinh|tinh|mun|co nhu cau|quan tam
TAKE: ill take|take|choose|pick|select|go with|go for|prefer|rather|ill have|lets go with|ambil|pilih|
  milih|yang itu|yg itu|yang ini|yg ini|mending|chon|lay|lay cai|cai nay|cai do|em lay|minh lay|chot cai|
  uu tien|thich cai
LESS: earlier|later|sooner|afternoon instead|instead
PEOPLE: people|persons|pax|guests|adults|orang|org|nguoi|khach|berdua|bertiga|couple
MINE: my|mine|saya|aku|gue|ku|cua toi|cua minh|cua em
OTHERS: weather|rain|raining|temperature|sunny|forecast|umbrella|humid|cuaca|hujan|suhu|mendung|panas|
  thoi tiet|mua khong|nhiet do|troi mua|troi nang|du bao
O_FUN: joke|jokes|funny|story|poem|riddle|sing|song|songs|music|playlist|album|play|radio|podcast|volume|
  movie|movies|film|netflix|series|episode|game|games|lelucon|cerita|puisi|pantun|tebak|lagu|musik|nyanyi|
  putar|filmnya|bioskop|main|permainan|sinetron|mobile legend|ml|chuyen cuoi|truyen|bai tho|cau do|hat|
  bai hat|nhac|mo nhac|phim|tro choi|lien quan|rap|karaoke
O_NEWS: news|president|election|politics|government|minister|war|celebrity|headline|vote|berita|presiden|
  pemilu|politik|pemerintah|menteri|perang|artis|gosip|tin tuc|tong thong|bau cu|chinh tri|chinh phu|
  chien tranh|bo truong|thoi su
O_SPORT: football|soccer|basketball|tennis|world cup|premier league|score|match|team won|nba|bola|
  sepak bola|timnas|skor|pertandingan|liga|juara|badminton|bong da|tran dau|ty so|vo dich|cau thu|
  doi tuyen|da banh|ngoai hang anh
O_MONEY: stock|stocks|bitcoin|crypto|exchange rate|gold|invest|mortgage|loan|loans|salary|tax|taxes|
  savings|saham|kurs|emas|investasi|pinjaman|pinjol|gaji|pajak|utang|hutang|kripto|co phieu|chung khoan|
  ty gia|gia vang|dau tu|vay|vay tien|luong|thue thu nhap|xang|bat dong san|lai suat|listrik|pulsa|
  token listrik|electricity
O_SCHOOL: homework|math|equation|essay|exam|history|science|physics|capital|translate|definition|spell|
  synonym|code|python|javascript|programming|square root|planet|planets|calculate|tugas|pr|matematika|
  rumus|ujian|sejarah|fisika|ibukota|ibu kota|terjemahkan|artinya|kode program|planet|sekolah|kuliah|
  skripsi|bai tap|toan|phuong trinh|bai van|thi|lich su|vat ly|thu do|dich cau|dinh nghia|lap trinh|
  hanh tinh|tinh giup|hoc|dai hoc|truong hoc
O_FOOD: recipe|cook|cooking|ingredients|calories|pizza|burger|grocery|groceries|restaurant|resep|masak|
  bumbu|nasi goreng|kalori|rendang|gofood|martabak|bakso|cong thuc|nau|nau an|mon|pho|nguyen lieu|calo|
  tra sua|bun|com|lau
O_DEVICE: alarm|reminder|remind|timer|lights|light|thermostat|phone|laptop|battery|wifi password|printer|
  computer|app|email|emails|mail|text mom|tv|lamp|vacuum|alarmnya|ingetin|ingatkan|lampu|hape|hp|laptop|
  baterai|komputer|aplikasi|kirim email|televisi|bao thuc|hen gio|nhac toi|den|dien thoai|may tinh|pin|
  ung dung|gui email|tivi|quat|dieu hoa
O_LOVE: love|girlfriend|boyfriend|marry|date me|kiss|beautiful|single|feelings|sad|depressed|bored|lonely|
  cinta|pacar|pacaran|nikah|jomblo|cantik|ganteng|sedih|galau|bosan|bosen|kesepian|gabut|sayang|yeu|
  nguoi yeu|ban gai|ban trai|cuoi|doc than|xinh|dep trai|buon|chan|co don|nho em|that tinh
O_JOB: job|jobs|hiring|vacancy for|resume|cv|career|work for you|internship|lowongan|loker|kerja|magang|
  lamaran|karir|gajinya|tuyen dung|viec lam|tuyen|ung tuyen|xin viec|thuc tap|lam them
O_SELL: sell|selling|seo|followers|marketing agency|backlinks|supplier|partnership|sponsor|jual|jualan|
  dijual|beli|iphone|endorse|agen|dropship|ban hang|nhap hang|mua|dai ly|hop tac|si le|giao hang|ship|
  shopee|lazada|tokopedia|amazon|parcel|paket kiriman|kurir|ongkir
O_SELF: who are you|your name|how old are you|where are you from|who made you|are you real|
  meaning of life|siapa kamu|nama kamu|umur kamu|kamu siapa|siapa yang buat|ban la ai|ban ten gi|
  ban bao nhieu tuoi|may ten gi|ai tao ra|y nghia cuoc song
O_HEALTH: headache|fever|cough|medicine|covid|symptoms|demam|pusing|batuk|obat|flu|sakit kepala|sot|
  dau dau|ho|thuoc|covid|cam cum|trieu chung|dau bung
SERVICE: keratin|smoothing|botox|balayage|highlights|perm|blow dry|beard trim|shave|lash lift|threading|peeling|
  chemical peel|microneedling|reflexology|aromatherapy|swedish massage|swedish|shiatsu|hammam|root canal|filling|
  crown|braces|invisalign|extraction|x ray|blood test|vaccination|vaccine|eye test|eye exam|acupuncture|cupping|
  cruise|safari|rafting|kayak|jet ski|parasailing|zipline|atv|trekking|hiking|city tour|cooking class|wine tasting|
  pottery|zumba|pilates|boxing|swimming lesson|personal training|horse riding|surfing lesson|set menu|buffet|
  high tea|escape room|pedicure|eyebrow|tattoo|piercing|grooming|bekam|akupuntur|arung jeram|pendakian|
  kelas memasak|senam|renang|batu panas|tambal|behel|vaksin|cat rambut|pedikur|manikur|sulam alis|spa bayi|
  aromaterapi|pijat tradisional|saluran akar|pemutihan gigi|pembersihan gigi|medical check up|tes darah|rontgen|
  da nong|mo sau|thuy dien|tinh dau|nhuom|uon toc|lan bien|luot song|cheo thuyen|leo nui|lay cao rang|trong rang|
  tay te bao chet|nang co|hut mun|phuc hoi toc|goi dau duong sinh|bam huyet|cham cuu|giac hoi|du thuyen|set chay|
  trang diem|lam toc|noi toc|trong rang|boc su|tram rang|chua tuy|kham tong quat|kham mat|xam hinh|cat may|
  xet nghiem|tiem chung|chup x quang
AVAIL: vacant|any chance|taken|squeeze me in|sold out|walk in|waiting list|kuota|muat|keisi|sisa|du cho|
  nhan khach|chen|het slot|het phong
PRICE: pricey|surcharge|estimate|budget|free of charge|gratis|bayar penuh|ongkosnya|duit|habis berapa|mien phi|
  mat phi|phu thu|lay nhieu|tra du|ib gia|xin gia
MOVE: rearrange|rebook|modify|amend|alter|adjust|extend|edit|put off|menunda|memindahkan|mengubah|tukar|ubah|
  reskedul|dimajuin|dimundurin|sua|sua lich|dieu chinh|tam hoan|xep lai|hen lai
CANCEL: scratch|void|withdraw|annul|revoke|back out|unbook|tarik|coret|urung|cabut|rut lai|rut khoi|gach ten
O_HOME: lights|garage|door|oven|vacuum cleaner|diaper|kitchen|bedroom|shopping list|brother|sister|mom|dad|
  password|username|garasi|dapur|popok|adik|kakakku|mama|papa|kata sandi|sandi|belanjaan|bep|gara|ta lot|
  em trai|mat khau|danh sach mua sam|me toi|bo toi
O_TRAFFIC: traffic|train|bus|flight|flights|visa application|passport|gas station|macet|kereta|bis|
  pesawat|tiket pesawat|paspor|bensin|ket xe|tau|xe buyt|chuyen bay|ve may bay|ho chieu|tram xang
"""


def _read() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for line in _LINES.replace("|\n  ", "|").strip().splitlines():
        tag, _, phrases = line.partition(":")
        for phrase in phrases.split("|"):
            tags = table.setdefault(phrase.strip(), [])
            if tag not in tags:
                tags.append(tag)
    return {phrase: tuple(tags) for phrase, tags in table.items()}


_TABLE = _read()
_LONGEST = max(phrase.count(" ") + 1 for phrase in _TABLE)


def concepts(words: list[str]) -> list[str]:
    """The ideas named in folded words, each once, in order of appearance; longer phrases hide shorter ones."""
    found: dict[str, None] = {}
    i = 0
    while i < len(words):
        for n in range(min(_LONGEST, len(words) - i), 0, -1):
            tags = _TABLE.get(" ".join(words[i : i + n]))
            if tags is not None:
                found.update(dict.fromkeys(tags))
                i += n
                break
        else:
            i += 1
    return list(found)


def service_words(words: list[str]) -> tuple[str, ...]:
    """The words of a message that name a service of the trade."""
    found: list[str] = []
    i = 0
    while i < len(words):
        for n in range(min(_LONGEST, len(words) - i), 0, -1):
            phrase = " ".join(words[i : i + n])
            if "SERVICE" in _TABLE.get(phrase, ()) and phrase not in _TOO_GENERAL:
                found.append(phrase)
                i += n
                break
        else:
            i += 1
    return tuple(dict.fromkeys(found))


_TOO_GENERAL = frozenset(
    """package|packages|session|class|lesson|treatment|treatments|room|paket|kelas|sesi|kamar|goi|lop|buoi|kham|villa|
    dich vu|lieu trinh""".replace("\n    ", "").split("|")
)
