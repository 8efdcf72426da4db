"""Indonesian words about time, as typed: full, shortened, and slang."""

from __future__ import annotations

from intents.dates.tokens import Sense

WORDS: dict[Sense, str] = {
    Sense.NUM: (
        "nol=0;satu|pertama=1;dua|kedua=2;tiga|ketiga=3;empat|keempat=4;lima|kelima=5;enam|keenam=6;tujuh|"
        "ketujuh=7;delapan|lapan|kedelapan=8;sembilan|kesembilan=9;sepuluh|kesepuluh=10;sebelas|kesebelas=11"
    ),
    Sense.TEN_WORD: "puluh=1",
    Sense.TEEN_WORD: "belas=1",
    Sense.WEEKDAY: (
        "senin|senen|snin|sen=0;selasa|slasa|sls=1;rabu|rebo|rabo|rb=2;kamis|kemis|kms=3;jumat|jum'at|jumaat|jmt|"
        "jum’at|jum at=4;sabtu|sabtuan|sbtu|sbt=5;minggu|mgg|minngu|mgu|ahad=6"
    ),
    Sense.EVE: (
        "malam senin|malem senin|malam senen|malam sen|malem senen|malem sen|mlm senin|mlm senen|mlm sen=0;malam "
        "selasa|malem selasa|malam sls|malem sls|mlm selasa|mlm sls=1;malam rabu|malem rabu|malam rebo|malem "
        "rebo|mlm rabu|mlm rebo=2;malam kamis|malem kamis|malam kemis|malam kms|malem kemis|malem kms|mlm kamis|"
        "mlm kemis|mlm kms=3;malam jumat|malem jumat|malam jum'at|malem jum'at|malam jmt|malam jumaat|malem jmt|"
        "malem jumaat|mlm jumat|mlm jum'at|mlm jmt|mlm jumaat=4;malam sabtu|malem sabtu|malam sbtu|malam sbt|"
        "malem sbtu|malem sbt|mlm sabtu|mlm sbtu|mlm sbt=5;malam minggu|malem minggu|mlm minggu|malming|"
        "malmingan|satnight|malam mggu|malam mgg|malam ahad|malem mgg|malem mggu|malem ahad|mlm mgg|mlm mggu|mlm "
        "ahad=6"
    ),
    Sense.MONTH: (
        "januari|jan=1;februari|pebruari|feb=2;maret|mar|mart=3;april|apr=4;mei=5;juni|jun=6;juli|jul=7;agustus|"
        "agt|ags|agts|agst|agu|agus=8;september|sep|sept=9;oktober|okt=10;november|nopember|nov|nop=11;desember|des=12"
    ),
    Sense.MONTH_WORD: "bulan|bln=1",
    Sense.DAY: (
        "hari ini|hr ini|hari nie|hri ini|hari ni|siang ini|sore ini|pagi ini|malam ini|malem ini|mlm ini|pagi "
        "tadi|nanti malam|ntar malam|nti malam|ntr malam|nanti malem|ntar malem|nanti mlm|nanti sore|ntar sore|"
        "ntr sore|nanti siang|ntar siang|ntr siang|nanti pagi|tar malem|tar sore|sore nanti|malam nanti|siang "
        "nanti|tadi pagi|tadi siang|tar malam|ntr mlm|sorean nanti|ntar mlm|nti mlm|tar mlm|ntr malem|pagi hari "
        "ini|siang hari ini|sore hari ini|malam hari ini=0;besok|bsk|bsok|besuk|besoknya|esok|besok hari|esok "
        "hari|bso|bsook|besokk|keesokan hari=1;lusa|besok lusa|bsk lusa=2;tulat=3;kemarin|kmrn|kemaren|kmaren|"
        "semalam|semalem|tadi malam=-1;kemarin lusa|kemaren lusa|kemarin dulu=-2"
    ),
    Sense.PART: (
        "pagi|pg|pagi hari ini|pagi-pagi|pagi pagi|pagi hari|di pagi hari|pagian|subuh|dini hari|pagi ini|nanti "
        "pagi|pagi tadi|tadi pagi|di pagi|paginya|habis sarapan|"
        "abis sarapan|setelah sarapan|sesudah sarapan|sebelum makan siang|sblm makan siang=0;"
        "siang|siang hari|siang hari ini|di siang hari|siangan|siang "
        "ini|nanti siang|ntar siang|ntr siang|siang nanti|tengah hari|jam makan siang|makan siang|tadi siang|"
        "siangnya|abis dzuhur|habis dzuhur=1;sore|setelah makan siang|"
        "sesudah makan siang|habis makan siang|abis makan siang|hbs makan siang|selesai makan siang|setelah jam "
        "makan siang|habis jam makan siang|abis jam makan siang|lewat jam makan siang|setelah maksi|habis maksi|"
        "sebelum makan malam|sblm makan malam|sore hari|di sore hari|sorean|sore ini|"
        "nanti sore|ntar sore|ntr sore|sore nanti|tar sore|petang|sore hari ini|habis ashar|abis ashar|sorenya|"
        "sore-sore|sore sore|sorean nanti=2;malam|malem|mlm|malam hari|di malam hari|malam ini|malem ini|mlm ini|"
        "nanti malam|ntar malam|nti malam|ntr malam|nanti malem|ntar malem|nanti mlm|tar malem|malam nanti|habis "
        "magrib|abis magrib|habis maghrib|abis maghrib|habis isya|abis isya|tar malam|ntr mlm|ntar mlm|nti mlm|"
        "tar mlm|ntr malem|malam hari ini|malamnya|malem-malem|semalam|tadi malam|semalem|makan malam|"
        "makan malem|mkn malam|dinner|habis makan malam|abis makan malam|setelah makan malam|"
        "sesudah makan malam|habis jam kerja|abis jam kerja|setelah jam kerja|pulang kerja|"
        "malam tahun baru|malam natal=3"
    ),
    Sense.MARK: "jam|pukul|pkl|pk|jm=1",
    Sense.WEAK_MARK: (
        "sekitar|kira-kira|kira kira|sekitaran|dari|antara|mulai|sampai|sampe|smp|hingga|sebelum|sesudah|setelah=1"
    ),
    Sense.HALF: "setengah|stengah|stgh|setgh|setngah=1",
    Sense.QUARTER: "seperempat|prapat=15",
    Sense.PAST: "lewat|lebih|lwt|lbh|lebih dari=1",
    Sense.TO: "kurang|krg|krang=1",
    Sense.FIXED: "tengah malam=0;tengah hari=12;jam makan siang=12",
    Sense.UNIT: (
        "menit|mnt|min=0;jam=1;hari|hr|hri|harian=2;minggu|pekan|mgg|mggu|mingguan=3;bulan|bln|bulanan|sebulan=4;"
        "tahun|thn|setahun=5;kuartal|triwulan=7;sejam=1;sehari=2;seminggu|sepekan=3"
    ),
    Sense.NEXT: (
        "depan|dpn|dpan|mendatang|berikutnya|berikut|selanjutnya|yang akan datang|yad|besok|bsk|ke depan|kedepan=1"
    ),
    Sense.THIS: "ini|sekarang|ni|nih=1",
    Sense.LAST: "lalu|kemarin|kemaren|yang lalu|yg lalu|sebelumnya|kmrn|terakhir=1",
    Sense.AFTER_NEXT: "depannya lagi=1",
    Sense.IN: "dalam|dlm=1",
    Sense.AHEAD: "lagi|lg|dari sekarang|mendatang|ke depan|kedepan|kemudian|dari hari ini=1",
    Sense.AGO: "yang lalu|yg lalu|lalu|silam=1",
    Sense.SEP: ("sampai|sampe|smpai|smp|s/d|s / d|s.d .|sd|hingga|sampai dengan|s.d|-|–|—|~|dan|sama|ke|sampai ke=1"),
    Sense.FROM: "dari|dr|antara|mulai|mulai dari=1",
    Sense.DATE_WORD: "tanggal|tgl|tggl|tglnya|tangal|pada tanggal=1",
    Sense.DAY_WORD: "hari|hr|hri=1",
    Sense.YEAR_WORD: "tahun|thn=1",
    Sense.ARRIVE: "check in|checkin|check-in|cekin|cek in|datang|dateng|masuk|tiba=1",
    Sense.LEAVE: "check out|checkout|check-out|cekout|cek out|pulang|keluar|balik=1",
    Sense.OR: "atau|ato|atw|apa|/=1",
    Sense.BY: (
        "sebelum|sampai|sampe|hingga|paling lambat|selambat-lambatnya|selambatnya|paling telat|maksimal|maks|sblm=1"
    ),
    Sense.EARLIER: "sebelum|sblm=1",
    Sense.LATER: "sesudah|setelah|sehabis|abis|habis|dari|sejak|stlh=1",
    Sense.NTH: "pertama|kesatu=1;kedua=2;ketiga=3;keempat=4;kelima=5;terakhir=-1",
    Sense.NIGHT: "malam|mlm|malem=1",
    Sense.OF: "dari|di|pada=1",
    Sense.LABEL: (
        "kamar|kmr|vila|villa|gerbang|halaman|hal|bab|versi|nomor|nomer|nmr|no.|no|lantai|lt|lt.|meja|kursi|blok|"
        "gang|gg|gg.|peron|jalur|rumah no|unit|seri|tipe|kelas|rt|rw|grup|kelompok|paragraf|ayat|pasal|ukuran|"
        "skor|kode|ruang|ruangan|gedung|level|tahap|bagian|episode|musim|ke=1"
    ),
    Sense.STREET: "jalan|jl|jln|jl.|jln.=1",
    Sense.PLAIN: (
        "lain kali|hari-hari|sehari-hari|makan siang bareng|malam pengantin|"
        "selamat pagi|selamat siang|selamat sore|selamat "
        "malam|met pagi|met siang|met sore|met malam|selamat tahun baru|selamat natal|selamat hari raya|tiap "
        "minggu|setiap minggu|per minggu|tiap hari|setiap hari|jam tangan|jam buka|jam kerja|jam operasional|jam "
        "berapa|jam brp|tengah kota|malam pertama|nambah semalam|tambah semalam|menginap semalam|nginap semalam|"
        "inap semalam|nginep semalam|nginep semalem|nginap semalem|"
        "semalam aja|semalam saja|semalem aja|cuma semalam|per malam|harga semalam|semalam berapa=1"
    ),
    Sense.WEEKEND: "akhir pekan|weekend|wiken|akhir minggu|wikend|weekendnya=1",
    Sense.EDGE: "awal|permulaan=0;pertengahan|tengah=1;akhir|penghujung|ujung=2",
    Sense.ONE: "se|sejam|sehari|seminggu|sepekan|sebulan|setahun=1",
    Sense.HOLIDAY: (
        "natal|hari natal=1225;malam natal=1224;malam tahun baru=1231;tahun baru=101;valentine|hari "
        "valentine=214;17 agustus|17an|17-an|agustusan|hari kemerdekaan|hut ri=817;hari buruh|may day=501;hari "
        "kartini=421;hari pancasila|hari lahir pancasila=601;hari pahlawan=1110;sumpah pemuda|hari sumpah "
        "pemuda=1028;hari guru=1125;hari ibu=1222;hari pendidikan nasional|hardiknas=502;paskah|hari paskah|"
        "minggu paskah=2001;jumat agung=2002;kenaikan isa almasih|kenaikan yesus kristus|hari kenaikan=2004;"
        "imlek|tahun baru imlek|tahun baru cina=2025;lebaran|idul fitri|idulfitri|hari raya idul fitri|hari "
        "lebaran=2031;idul adha|iduladha|lebaran haji|hari raya idul adha=2032;nyepi|hari nyepi|hari raya "
        "nyepi=2033;waisak|hari waisak|hari raya waisak=2034;galungan|hari galungan|hari raya galungan=2041;"
        "kuningan|hari kuningan|hari raya kuningan=2042"
    ),
    Sense.CONNECT: (
        "pada|di|,|hari|hr|sekitar|jam|pukul|kira-kira|untuk|buat|mulai|dari|tanggal|tgl|(|)|yang|itu|pas|ya|nya|"
        "di atas|diatas|waktu|kalo|kalau|sekitaran|aja|saja|kak|min|dong|deh=1"
    ),
    Sense.NOW: "sekarang|skrg|skarang|skrang|saat ini|detik ini=1",
    Sense.PEOPLE: (
        "orang|org|orng|pasang|pasangan|pasutri|keluarga|bayi|balita|tamu|pax|dewasa|anak|malam|mlm|kamar|sesi|kali|ribu|rb|juta|jt|tiket|porsi|buah|bintang=1"
    ),
    Sense.APPROX: "an|- an|teng|tepat|ish=1",
    Sense.MINUTES: "menit|mnt=1",
    Sense.SINCE: "sejak=1",
    Sense.ABOUT: "sekitar|kira-kira|kurang lebih|kira kira|cuma=1",
}

RISKY_ELSEWHERE = (
    "sen dan sama ke sd min mar se des di , - – — ~ ( ) itu pas ya nya an ni am jam hr org anak tar sep jan feb apr "
    "jun jul mart sls rb kms yang dari tahun ini lalu bulan hari lagi lg kurang setengah lebih lewat awal "
    "tengah akhir pg nov sept agt satu dua tiga empat lima enam kali ribu juta jt kamar kemudian untuk buat "
    "tujuh weekend valentine apa / sejak abis habis pada no no. hal bab lt gg rt rw level unit grup kelas skor "
    "kode tipe seri villa malem tepat teng ish sampe smp nop yad pk jm aja saja deh kak dong waktu"
)
"""Indonesian words that mean something else, or too little, in another language."""
