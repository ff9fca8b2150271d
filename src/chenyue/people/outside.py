"""Words that leave the house: nobody is named in them, nobody can be called, no home can be found. Pure.

Meant to mask too much rather than too little. What stays is what happened, in which building, and how it is.
"""

import re
from collections.abc import Iterable

from chenyue.people import masking

SOMEBODY = "某某"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范"
    "汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤温常乔赖文施洪章鲁葛庞樊裴翁伍"
)
_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒"
_SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
_TITLES = (
    "先生|女士|小姐|大爷|大妈|大叔|大姐|大哥|大娘|阿姨|叔叔|阿婆|阿公|伯伯|奶奶|爷爷|婆婆|老师|师傅|经理|主任|书记|所长|队长|科长|"
    "总|老板|医生|警官|律师|嫂|哥|姐|叔|婶|伯|姨|某某|某"
)
_TITLED = re.compile(rf"(?:老|小|阿)?{_SURNAME}[\u4e00-\u9fff]{{0,2}}?(?={_TITLES})")
_AFTER = r"[，。、；：\s说讲家的和在把被也就都还又不没住（(]|$"
_YOUNG_OLD = re.compile(rf"[老小阿]{_SURNAME}(?={_AFTER})")
_CALLED = re.compile(
    r"((?:我叫|名叫|叫做|姓名|联系人|本人|我是|业主|户主|居民|邻居|投诉人|反映人|来电人|来访人|经办人|市民|村民|楼长|负责人|"
    r"身份证|署名|此致)(?:是|为)?\s?[：:，,]?\s?)"
    rf"{_SURNAME}[\u4e00-\u9fff]{{1,2}}(?=[，。、；：\s,.;（(说讲的在住家来电反把被也想要]|$)"
)
_SURNAMED = re.compile(r"姓[\u4e00-\u9fff](?=的|，|。|、|先生|女士|$)")
_HAN = "一二三四五六七八九十百零〇两"
# Beyond the building: entrance, floor, room, in any of the ways they are written.
_DASHES = r"\s{0,3}[-－—–#＃]\s{0,3}"
_THREE = re.compile(rf"(?<!\d)(\d{{1,3}}){_DASHES}\d{{1,2}}{_DASHES}\d{{2,4}}(?!\d)")
_TWO = re.compile(rf"(?<![\d.])(\d{{1,3}}){_DASHES}\d{{3,4}}(?!\d)(?:室|房|号|户)?")
_ENTRANCE = re.compile(rf"[\d{_HAN}甲乙丙丁东西南北A-Da-d]{{1,3}}\s?(?:单元|门洞|梯位)")
_ROOM = re.compile(
    rf"(?:[\d]{{2,4}}|[{_HAN}]{{2,4}})\s*(?:室|房间?号?|号房|户主|住户|业主|号门)(?![内里外温顶产东价])|"
    rf"(?<=[幢栋楼元])\s*(?:\d{{3,4}}|[{_HAN}]{{3,4}})(?!\d)|"
    rf"(?<!\d)[1-9]\d?0[1-9](?=(?:的|家|那家|那户|邻居|租客|老|大|小|两口))"
)
_FLOOR = re.compile(rf"(?:[\d]{{1,2}}|[{_HAN}]{{1,3}})\s*(?:楼|层)(?=那?(?:家|户|邻居|住户|业主|的?老))")
_NUMBERS = re.compile(r"(?<![\d.])\d[\d\s-]{6,40}\d[\dXx]?(?!\d)")
_PLATE = re.compile(r"[\u4e00-\u9fff]\s?[A-Z]\s?[·•]?\s?[A-Z0-9]{5,6}(?![A-Z0-9])")
_ACCOUNT = re.compile(r"((?:微信号?|QQ号?|qq号?|抖音号?|账号|卡号|户名)\s{0,4}[：:是为]?\s{0,4})[A-Za-z0-9_\-]{5,}")
_LEFT = re.compile(r"(?<![\d*])\d{1,6}\*{2,12}[\dXx]{0,8}|[A-Za-z0-9]\*{3}@[A-Za-z0-9.-]{1,120}")
_LINK = re.compile(r"https?://\S{1,500}|www\.\S{1,200}")


def masked(words: str, names: Iterable[str] = ()) -> str:
    """The words without persons, contact data and homes; `names` are those that the office knows to stand here."""
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
        words = words.replace(name, SOMEBODY)
    words = _LINK.sub("（链接略）", masking.mask_words(words))
    words = _LEFT.sub("（号码略）", words)  # not even what masking leaves
    words = _ACCOUNT.sub(r"\1（号码略）", words)
    words = _CALLED.sub(rf"\1{SOMEBODY}", words)
    words = _TITLED.sub("某", words)
    words = _YOUNG_OLD.sub("某人", words)
    words = _SURNAMED.sub("姓某", words)
    words = _PLATE.sub("（车牌略）", words)
    words = _THREE.sub(r"\1幢（住户略）", words)
    words = _TWO.sub(r"\1幢（住户略）", words)
    words = _ENTRANCE.sub("某单元", words)
    words = _ROOM.sub("某户", words)
    words = _FLOOR.sub("某层", words)
    return _NUMBERS.sub("（号码略）", words)
