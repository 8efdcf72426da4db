"""Vietnamese words about time; the table is also read with all diacritics taken away."""

from __future__ import annotations

from intents.dates.tokens import Sense

WORDS: dict[Sense, str] = {
    Sense.NUM: (
        "một=1;hai=2;ba=3;bốn|tư=4;năm|lăm=5;sáu=6;bảy|bẩy=7;tám=8;chín=9;mười=10;mốt=1;mười lăm|mười nhăm=15;"
        "hai mươi lăm|hai lăm|hăm lăm=25;ba mươi lăm|ba lăm=35;bốn mươi lăm|bốn lăm=45;năm mươi lăm=55;vài|vài "
        "ba|dăm=3"
    ),
    Sense.TEN_PLUS: "mười=10",
    Sense.TEN_WORD: "mươi|chục=1",
    Sense.WEEKDAY: (
        "thứ hai|thứ 2|thứ2|t hai=0;thứ ba|thứ 3|thứ3|t ba=1;thứ tư|thứ 4|thứ4|thứ bốn|t tư=2;thứ năm|thứ 5|"
        "thứ5=3;thứ sáu|thứ 6|thứ6=4;thứ bảy|thứ 7|thứ7|thứ bẩy=5;chủ nhật|chúa nhật|cn|c nhật|ch nhật=6"
    ),
    Sense.MONTH: (
        "tháng giêng=1;tháng chạp=12;tháng một=1;tháng hai=2;tháng ba=3;tháng tư=4;tháng năm=5;tháng sáu=6;tháng "
        "bảy=7;tháng tám=8;tháng chín=9;tháng mười=10;tháng mười một=11;tháng mười hai=12"
    ),
    Sense.MONTH_WORD: "tháng=1",
    Sense.DAY: (
        "hôm nay|hnay|hôm này|bữa nay|hôm nay này|ngày hôm nay|hn|h nay|nay|sáng nay|trưa nay|chiều nay|tối nay|"
        "đêm nay|hôm nay ấy|khuya nay|trong ngày hôm nay|trong hôm nay|lát nữa|tí nữa|cho tối nay=0;ngày mai|mai|"
        "hôm sau|sáng mai|trưa mai|chiều mai|tối mai|đêm mai|khuya mai|bữa mai|ngày mai này|sáng ngày mai|trưa "
        "ngày mai|chiều ngày mai|tối ngày mai|đêm ngày mai|rạng sáng mai|cho tối mai=1;ngày kia|ngày mốt|hoặc "
        "mốt|hay mốt|để mốt|thôi mốt|hẹn mốt|sang mốt|qua mốt|thì mốt|mốt nha|mốt nhé|mốt nhe|mốt đi|"
        "mốt được|mốt rảnh|mốt mình|mốt em|mốt anh|mốt chị|mốt còn|mốt có|mốt ghé|mốt còn chỗ|"
        "mốt còn lịch|mốt còn giờ|mốt còn trống|mốt còn slot|mốt có lịch|mốt có chỗ|mốt được không|"
        "bữa mốt|ngày mốt này|mốt này|sáng mốt|trưa mốt|chiều mốt|tối mốt|sáng kia|chiều kia|tối kia|"
        "sáng ngày kia|chiều ngày kia|tối ngày kia|sáng ngày mốt|chiều ngày mốt|tối ngày mốt=2;ngày kìa=3;hôm "
        "qua|qua hôm|ngày hôm qua|chiều tối qua|trưa qua|đêm hôm qua|trưa hôm qua|tối qua|sáng qua|chiều qua|đêm "
        "qua|bữa qua|tối hôm qua|chiều hôm qua|sáng hôm qua=-1;hôm kia|ngày hôm kia|bữa kia|hôm trước|tối hôm "
        "kia|sáng hôm kia|chiều hôm kia=-2;hôm kìa=-3"
    ),
    Sense.PART: (
        "sáng|buổi sáng|sáng nay|sáng mai|sáng mốt|sáng kia|sáng sớm|sáng qua|sáng ngày kia|sáng ngày mốt|ban "
        "sáng|sáng hôm qua|rạng sáng|rạng sáng mai|sáng ngày mai|sáng hôm kia|vào buổi sáng|vào sáng|"
        "sau bữa sáng|sau khi ăn sáng|sau ăn sáng|ăn sáng xong|trước bữa trưa|trước giờ ăn trưa|trước khi ăn "
        "trưa=0;trưa|buổi "
        "trưa|trưa nay|trưa mai|trưa mốt|giờ trưa|ban trưa|trưa ngày mai|trưa qua|trưa hôm qua|giữa trưa nay=1;"
        "chiều|buổi chiều|chiều nay|chiều mai|chiều mốt|chiều kia|xế chiều|chiều tà|chiều qua|chiều ngày kia|"
        "chiều ngày mốt|ban chiều|chiều ngày mai|chiều hôm kia|chiều hôm qua|sau "
        "bữa trưa|sau giờ ăn trưa|sau giờ nghỉ trưa|sau khi ăn trưa|sau ăn trưa|ăn trưa xong|sau giờ trưa|trước "
        "bữa tối|trước giờ ăn tối|trước khi ăn tối=2;tối|buổi tối|tối nay|tối mai|tối "
        "mốt|tối kia|đêm|đêm nay|đêm mai|khuya|ban đêm|tối qua|đêm qua|chiều tối|khuya nay|tối ngày kia|tối ngày "
        "mốt|tối hôm qua|tối ngày mai|đêm ngày mai|chiều tối qua|đêm hôm qua|tối hôm kia|khuya mai|đêm khuya|nửa "
        "khuya|buổi đêm|cho tối nay|cho tối mai|sau bữa tối|sau khi ăn tối|sau ăn tối|ăn tối xong|sau "
        "giờ làm|sau khi tan làm|tan làm=3"
    ),
    Sense.MARK: "lúc|vào lúc|hồi=1",
    Sense.WEAK_MARK: "khoảng|tầm|cỡ|từ|đến|tới|vào|trước|sau|độ|khoảng chừng=1",
    Sense.HOUR: "giờ|h|g|tiếng đồng hồ|giờ đúng=1",
    Sense.HALF: "nửa=1",
    Sense.HALF_AFTER: "rưỡi|rưởi|rưởii|rươi=30",
    Sense.TO: "kém|thiếu=1",
    Sense.PAST: "hơn=1",
    Sense.FIXED: "nửa đêm=0;giữa trưa|đúng trưa|chính ngọ=12",
    Sense.UNIT: ("phút|p=0;tiếng|giờ|giờ đồng hồ|tiếng đồng hồ=1;ngày|hôm|bữa=2;tuần|tuần lễ=3;tháng=4;năm=5;quý=7"),
    Sense.NEXT: "sau|tới|kế tiếp|tiếp theo|kế|sắp tới|tới đây|tiếp=1",
    Sense.THIS: "này|nay=1",
    Sense.LAST: "trước|qua|vừa rồi|rồi|vừa qua|mới rồi=1",
    Sense.AFTER_NEXT: "sau nữa|tới nữa=1",
    Sense.IN: "sau|trong|trong vòng=1",
    Sense.AHEAD: "nữa|sau|tới|tiếp theo|sắp tới|kể từ bây giờ|kể từ hôm nay|tính từ hôm nay|nữa nha|nữa nhé=1",
    Sense.AGO: "trước|trước đây|về trước=1",
    Sense.SEP: "đến|tới|-|–|—|~|cho đến|đến hết|và=1",
    Sense.FROM: "từ|giữa|trong khoảng=1",
    Sense.DATE_WORD: "ngày|mùng|mồng|hôm|bữa|ngày mùng|ngày mồng=1",
    Sense.YEAR_WORD: "năm=1",
    Sense.ARRIVE: "nhận phòng|check in|checkin|check-in|vào ở=1",
    Sense.LEAVE: "trả phòng|check out|checkout|check-out=1",
    Sense.OR: "hay|hoặc|hay là|hoặc là|/=1",
    Sense.BY: "trước|chậm nhất|trễ nhất|muộn nhất|đến hết|tới hết|hạn chót=1",
    Sense.EARLIER: "trước=1",
    Sense.LATER: "sau|từ|kể từ|tính từ=1",
    Sense.NTH: "đầu tiên|thứ nhất|đầu=1;cuối cùng|cuối|chót=-1",
    Sense.NIGHT: "đêm=1",
    Sense.OF: "của|trong=1",
    Sense.LUNAR: "âm lịch|âm|al|lịch âm=1",
    Sense.LUNAR_DAY: "rằm|ngày rằm|hôm rằm=15",
    Sense.LUNAR_NEW_YEAR: "tết|tết nguyên đán|tết âm lịch|tết ta|tết âm|tết cổ truyền=1",
    Sense.YEAR_AWAY: "năm ngoái|năm vừa rồi=-1;năm nay=0;sang năm=1",
    Sense.LABEL: (
        "phòng|bàn|trang|tầng|lầu|chương|bài|đoạn|lần|câu|cái|người|dòng|phần|số|con|bước|tập|đứa|hạng|cổng|cửa|"
        "lớp|bản|phiên bản|nhà|toà|tòa|khoa|khóa|mục|điều|chuyến|tuyến|xe|hàng|ghế|giải|vị trí|suất|mẫu|loại|"
        "quận|khu|tổ|ngõ|hẻm|kiệt|đợt|vòng|cấp|chiếc|phương án|ý|slot|khung|khung giờ|lựa chọn=1"
    ),
    Sense.STREET: "đường|phố|ngã tư|quảng trường|cầu=1",
    Sense.PLAIN: (
        "đặt phòng|lễ này|thuê phòng|"
        "khuyến mãi|khuyến mại|hoa mai|mai vàng|phòng khám|cách mạng tháng tám|cách mạng tháng 8|chào buổi sáng|"
        "chào buổi chiều|chào buổi tối|chúc mừng năm mới|chúc ngủ ngon|mai mối|bữa sáng|bữa trưa|ăn sáng|ăn trưa|"
        "ăn tối|một chút|một tí|năm sao|năm người|sau đó|sau này|trước đó|mấy giờ|bây giờ mấy giờ|bao giờ|lần "
        "sau|lần trước|lần tới|lần này|hôm nào|ngày nào|tuần nào|thứ mấy|hằng ngày|hàng ngày|hàng tuần|hằng tuần|"
        "mỗi ngày|mỗi tuần|một mình|mai mốt|mai này|nửa giá|tư vấn|bảy viên ngọc rồng|cho tôi|chờ tôi|của tôi|"
        "giúp tôi|mời tôi|gọi tôi|để tôi|nhắc tôi|báo tôi|với tôi|nhắn tôi|tôi đi|tôi cần|tôi muốn|tôi có=1"
    ),
    Sense.WEEKEND: "cuối tuần|dịp cuối tuần=1",
    Sense.EDGE: "đầu=0;giữa=1;cuối|hết=2",
    Sense.HOLIDAY: (
        "giáng sinh|noel|lễ giáng sinh=1225;giao thừa dương lịch|đêm giao thừa dương=1231;tết dương lịch|tết tây|"
        "năm mới dương lịch=101;quốc khánh|lễ quốc khánh|tết độc lập=902;valentine|lễ tình nhân|ngày "
        "valentine=214;đêm giáng sinh|đêm noel=1224;quốc tế lao động|ngày quốc tế lao động=501;quốc tế phụ nữ|"
        "ngày quốc tế phụ nữ=308;phụ nữ việt nam|ngày phụ nữ việt nam=1020;nhà giáo việt nam|ngày nhà giáo việt "
        "nam|ngày nhà giáo=1120;quốc tế thiếu nhi|ngày quốc tế thiếu nhi=601;giải phóng miền nam|ngày giải phóng|"
        "thống nhất đất nước=430;halloween=1031;phục sinh|lễ phục sinh=2001;tết|tết nguyên đán|tết âm lịch|tết "
        "ta|tết âm|tết cổ truyền|năm mới âm lịch=2021;giao thừa|đêm giao thừa=2022;trung thu|tết trung thu|rằm "
        "trung thu=2023;giỗ tổ hùng vương|giỗ tổ|lễ giỗ tổ=2024;rằm tháng giêng|tết nguyên tiêu=2026;vu lan|lễ "
        "vu lan=2027;ông công ông táo|cúng ông táo|đưa ông táo=2028"
    ),
    Sense.CONNECT: (
        "vào|lúc|,|ngày|hôm|khoảng|tầm|cỡ|của|buổi|(|)|từ|thì|nhé|ạ|vào lúc|trong|hôm đó|nha|cho|vào buổi|đó=1"
    ),
    Sense.NOW: "bây giờ|ngay bây giờ|giờ này|ngay lập tức|bi giờ|hiện tại|hiện giờ=1",
    Sense.PEOPLE: (
        "cặp|đôi|vợ chồng|bé|"
        "người|ng|khách|đêm|phòng|suất|em bé|trẻ em|vé|k|tr|triệu|nghìn|ngàn|lần|bạn|anh|chị|sao|cái=1"
    ),
    Sense.MINUTES: "phút|p=1",
    Sense.APPROX: "đúng|hơn|mấy=1",
    Sense.SINCE: "từ hồi=1",
    Sense.ABOUT: "khoảng|tầm|cỡ|chừng|độ=1",
}

RISKY_FOLDED = (
    "toi sang dem mot nam sau tu ba kem muoi ruoi hon hoi giua ke qua roi cuoi truoc den tam chin bay hai bon "
    "lam khong thu hom bua mung mong dau het nua khoang do co va cho trong ngan trieu nghin lan ban anh chi "
    "sao cai trua khuya hay am al nguoi so con bai cau phan lop nha xe hang ghe loai mau khu to vong cap ngo y "
    "muc chuyen tang lau dieu khoa cua cong chuong duong pho tet ram vai dam quy rang giai mai"
)
"""Folded words that are other words in a message that does carry diacritics."""

OTHER_WHEN_FOLDED = frozenset(
    {
        "mot nha",
        "mot em",
        "mot anh",
        "mot chi",
        "mot minh",
        "mot con",
        "mot co",
        "mot duoc",
        "qua mot",
        "thoi mot",
        "thi mot",
        "lam",
        "thang sau",
        "khong",
        "co",
        "hay mot",
        "hoac mot",
        "do",
        "hoi",
        "chot",
        "hang",
        "trong hom nay",
    }
)
"""Phrases whose folded form usually says something else: làm (do), tháng sau (next month)."""
