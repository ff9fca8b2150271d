"""What leaves the house names nobody, calls nobody, and finds no home."""

import pytest

from chenyue.people.outside import masked
from growth import STEEP, growth

GONE = [
    ("我叫王建国，住金桂苑3幢2单元401室，电话13812345678。", ["王建国", "401", "2单元", "13812345678", "5678"]),
    ("本人张丽，身份证370102199001011234，要求退款。", ["张丽", "370102", "1234"]),
    ("楼上3-2-501的李先生天天拖椅子", ["李先生", "2-501", "501"]),
    ("三栋二单元四零一漏水", ["二单元", "四零一"]),
    ("12幢1单元301家里没人，找陈阿姨拿钥匙", ["301", "陈阿姨", "1单元"]),
    ("联系人：赵敏，微信 zhaomin_88，邮箱 zm@example.org", ["赵敏", "zhaomin_88", "zm@example", "***@"]),
    ("老王说隔壁502的租客半夜吵", ["老王", "502"]),
    ("我是欧阳明，车牌鲁A·12345被划了", ["欧阳明", "12345"]),
    ("请打 0531-88886666 找刘主任", ["88886666", "刘主任"]),
    ("11-649室水表坏了", ["649"]),
    ("卡号6222020200112233445，户名吴", ["6222020200112233445"]),
    ("详见 https://example.org/u/13800000000", ["example.org", "13800000000"]),
    ("四楼那家姓郑的养了狗", ["姓郑"]),
]


@pytest.mark.parametrize(("words", "gone"), GONE)
def test_persons_numbers_and_homes_are_gone(words: str, gone: list[str]) -> None:
    said = masked(words)
    assert [part for part in gone if part in said] == [], said


def test_names_that_the_office_knows_are_gone_wherever_they_stand() -> None:
    assert "陈大明" not in masked("陈大明家的水管又漏了，找陈大明", ["陈大明", "明"])


@pytest.mark.parametrize(
    "words",
    [
        "金桂苑3幢门口的污水井往外冒，2026年11月起已经半个月。",
        "路灯坏了三盏，晚上八点以后一片漆黑。",
        "电梯停在七层，里面没有人。",
        "物业费每平方1.8元，涨了百分之二十。",
    ],
)
def test_what_happened_and_in_which_building_stays(words: str) -> None:
    assert masked(words) == words


@pytest.mark.parametrize("piece", ["王", "1", "3-", "老王说", "微信", "a@"])
def test_long_words_are_masked_in_a_time_that_grows_with_their_length(piece: str) -> None:
    assert growth(lambda length: masked(piece * (length // len(piece))), 2_000) < STEEP
