"""Who speaks, and what says nothing: patterns over nicknames and nods. General language, no office's own.

What messages say of trouble, joining in or small talk is data: `data/signs.toml`.
"""

import re


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


# Who speaks for an office, a firm or the group itself.
OFFICIAL = _any(
    r"物业|管家|客服|社区|居委|村委|网格|楼长|楼栋长|楼组长|组长|队长|书记|主任|村医|村干部|支部|改造办|指挥部|街道|镇政府|派出所|民警|片警|"
    r"城管|市容|保安|秩序部|工程部|服务中心|市场办|维修(?!费)|水厂|供电|燃气公司|自来水公司|业委会|公寓管理|调解员|管委会|村里|值班|工程",
    r"[-–—·](?:小[\u4e00-\u9fff]|[\u4e00-\u9fff](?:师傅|经理|工|主管))$",  # 和园-小汪: of a firm
)
STEWARD = _any(r"楼长|楼栋长|楼组长|单元长|组长|队长")
ROOM_NAME = re.compile(r"(?<!\d)(?:\d{1,2}[-–—]){0,2}\d{3,4}(?!\d)|^\d{1,2}[-幢栋号]|\d{1,3}(?:幢|栋|单元|组)")
# Possessive (`++`): what one nod took isn't tried again in other pieces, or a long word of letters would take for ever.
SHORT = re.compile(
    r"^(?:\[[^\]]{1,6}\]|[\W_]|[a-zA-Z]++|哈|嗯|哦|呵|嘿|好的?|行|可以|对的?|是的?|收到|支持|明白|厉害|聪明|真实了?|笑死|点赞|赞|在吗|在的|"
    r"手慢了|辛苦了?|谢谢.{0,3}|太好了|好嘞|没事|加油|棒|牛|早|晚安)++$"
)
