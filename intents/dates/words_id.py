"""Indonesian words about time, as typed: full, shortened, and slang."""

from __future__ import annotations

from intents.dates.tokens import Sense

WORDS: dict[Sense, str] = {
    Sense.NUM: (
        "nol=0;satu|pertama=1;dua|kedua=2;tiga|ketiga=3;empat|keempat=4;lima|kelima=5;enam|keenam=6;tujuh|"
        "ketujuh=7;"
        "delapan|lapan|kedelapan=8;sembilan|kesembilan=9;sepuluh|kesepuluh=10;sebelas|kesebelas=11"
    ),
    Sense.TEN_WORD: "puluh=1",
    Sense.TEEN_WORD: "belas=1",
    Sense.WEEKDAY: (
        "senin|senen|snin|sen=0;selasa|slasa|sls=1;rabu|rebo|rabo|rb=2;kamis|kemis|kms=3;jumat|jum'at|"
        "jumaat|jmt|jum’at|jum at=4;"
        "sabtu|sabtuan|sbtu|sbt=5;minggu|mgg|minngu|mgu|ahad=6"
    ),
    Sense.EVE: (
        "malam senin|malem senin=0;malam selasa|malem selasa=1;malam rabu|malem rabu=2;malam kamis|malem "
        "kamis=3;"
        "malam jumat|malem jumat|malam jum'at|malem jum'at=4;malam sabtu|malem sabtu=5;"
        "malam minggu|malem minggu|mlm minggu|malming|malmingan|satnight|malam mggu=6"
    ),
    Sense.MONTH: (
        "januari|jan=1;februari|pebruari|feb=2;maret|mar|mart=3;april|apr=4;mei=5;juni|jun=6;juli|jul=7;"
        "agustus|agt|ags|agu|agus=8;september|sep|sept=9;oktober|okt=10;november|nopember|nov|nop=11;"
        "desember|des=12"
    ),
    Sense.MONTH_WORD: "bulan|bln=1",
    Sense.DAY: (
        "hari ini|hr ini|hari nie|hri ini|hari ni|siang ini|sore ini|pagi ini|malam ini|malem ini|mlm ini|"
        "pagi tadi|"
        "nanti malam|ntar malam|nti malam|ntr malam|nanti malem|ntar malem|nanti mlm|nanti sore|ntar sore|"
        "ntr sore|"
        "nanti siang|ntar siang|ntr siang|nanti pagi|tar malem|tar sore|sore nanti|malam nanti|siang nanti|"
        "tadi pagi|tadi siang|tadi malam|tar malam|ntr mlm|sorean nanti=0;"
        "besok|bsk|bsok|besuk|besoknya|esok|besok hari|esok hari|bso|bsook|besokk|keesokan hari=1;"
        "lusa|besok lusa|bsk lusa=2;tulat=3;kemarin|kmrn|kemaren|kmaren|semalam|semalem=-1;"
        "kemarin lusa|kemaren lusa|kemarin dulu=-2"
    ),
    Sense.PART: (
        "pagi|pg|pagi-pagi|pagi pagi|pagi hari|di pagi hari|pagian|subuh|dini hari|pagi ini|nanti pagi|pagi "
        "tadi|tadi pagi|"
        "di pagi|paginya=0;"
        "siang|siang hari|di siang hari|siangan|siang ini|nanti siang|ntar siang|ntr siang|siang nanti|"
        "tengah hari|"
        "jam makan siang|makan siang|tadi siang|siangnya|abis dzuhur|habis dzuhur|setelah makan siang=1;"
        "sore|sore hari|di sore hari|sorean|sore ini|nanti sore|ntar sore|ntr sore|sore nanti|tar sore|"
        "petang|"
        "habis ashar|abis ashar|sorenya|sore-sore|sore sore|sorean nanti=2;"
        "malam|malem|mlm|malam hari|di malam hari|malam ini|malem ini|mlm ini|nanti malam|ntar malam|nti "
        "malam|ntr malam|"
        "nanti malem|ntar malem|nanti mlm|tar malem|malam nanti|habis magrib|abis magrib|habis maghrib|abis "
        "maghrib|habis isya|"
        "abis isya|tadi malam|tar malam|ntr mlm|malamnya|semalam|semalem=3"
    ),
    Sense.MARK: "jam|pukul|pkl|pk|jm|jam2=1",
    Sense.WEAK_MARK: "sekitar|kira-kira|kira kira|sekitaran|dari|sekitar jam|antara|mulai|sampai|sampe|smp|"
    "hingga|sebelum|sesudah|setelah=1",
    Sense.HALF: "setengah|stengah|stgh|setgh|setngah=1",
    Sense.QUARTER: "seperempat|prapat=15",
    Sense.PAST: "lewat|lebih|lwt|lbh|lebih dari=1",
    Sense.TO: "kurang|krg|krang=1",
    Sense.FIXED: "tengah malam=0;tengah hari=12;jam makan siang=12",
    Sense.UNIT: (
        "menit|mnt|min=0;jam=1;hari|hr|hri|harian=2;minggu|pekan|mgg|mggu|mingguan=3;bulan|bln|bulanan|"
        "sebulan=4;tahun|thn|setahun=5;sejam=1;sehari=2;seminggu|sepekan=3"
    ),
    Sense.NEXT: "depan|dpn|dpan|mendatang|berikutnya|berikut|selanjutnya|yang akan datang|yad|besok|bsk|ke "
    "depan|kedepan=1",
    Sense.THIS: "ini|sekarang|ni|nih=1",
    Sense.LAST: "lalu|kemarin|kemaren|yang lalu|yg lalu|sebelumnya|kmrn|terakhir=1",
    Sense.AFTER_NEXT: "depannya lagi=1",
    Sense.IN: "dalam|dlm=1",
    Sense.AHEAD: "lagi|lg|dari sekarang|mendatang|ke depan|kedepan|kemudian|dari hari ini=1",
    Sense.AGO: "yang lalu|yg lalu|lalu|silam=1",
    Sense.SEP: "sampai|sampe|smpai|smp|s/d|s / d|s.d .|sd|hingga|sampai dengan|s.d|-|–|—|~|dan|ke|sampai ke=1",
    Sense.FROM: "dari|dr|antara|mulai|mulai dari=1",
    Sense.DATE_WORD: "tanggal|tgl|tggl|tglnya|tangal|pada tanggal=1",
    Sense.DAY_WORD: "hari|hr|hri=1",
    Sense.YEAR_WORD: "tahun|thn=1",
    Sense.WEEKEND: "akhir pekan|weekend|wiken|akhir minggu|wikend|weekendnya=1",
    Sense.EDGE: "awal|permulaan=0;pertengahan|tengah=1;akhir|penghujung|ujung=2",
    Sense.ONE: "se|sejam|sehari|seminggu|sepekan|sebulan|setahun=1",
    Sense.HOLIDAY: (
        "natal|hari natal=1225;malam natal=1224;malam tahun baru=1231;tahun baru=101;valentine|hari "
        "valentine=214;"
        "17 agustus|hari kemerdekaan=817;hari buruh=501;hari kartini=421"
    ),
    Sense.CONNECT: (
        "pada|di|,|hari|hr|sekitar|jam|pukul|kira-kira|untuk|buat|mulai|dari|tanggal|tgl|(|)|yang|itu|pas|"
        "ya|nya|waktu|"
        "kalo|kalau|sekitaran|aja|saja|kak|min|dong|deh=1"
    ),
    Sense.NOW: "sekarang|skrg|skarang|skrang|saat ini|detik ini=1",
    Sense.PEOPLE: "orang|org|orng|tamu|pax|dewasa|anak|malam|mlm|kamar|sesi|kali|ribu|rb|juta|jt|tiket|"
    "porsi|buah|bintang=1",
    Sense.APPROX: "an|- an|teng|tepat|ish=1",
    Sense.MINUTES: "menit|mnt=1",
}

RISKY_ELSEWHERE = (
    "sen dan ke sd min mar se des di , - – — ~ ( ) itu pas ya nya an ni am jam hr org anak tar sep jan feb "
    "apr jun jul mart "
    "sls rb kms yang dari tahun ini lalu bulan hari lagi lg kurang setengah lebih lewat awal tengah akhir "
    "pg nov sept agt satu dua tiga empat lima enam kali ribu juta jt kamar kemudian untuk buat kali tujuh "
    "weekend valentine "
    "tepat teng ish sampe smp nop yad pk jm aja saja deh kak dong waktu"
)
"""Indonesian words that mean something else, or too little, in another language."""
