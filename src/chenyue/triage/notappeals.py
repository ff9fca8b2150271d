"""What isn't an appeal: chatter, group buying, notices of firms, advertisements. Pure.

Where in doubt it is one: thanks, suggestions and half a sentence are appeals, a person reads them.
"""

import re

from chenyue.triage.reading import Reading

LONGEST_ADVERT = 200  # characters; who writes more than that complains
ONE_WORD = 90  # characters in which one word of trade and a way to reach the seller make an advert
MATTER = 4.0  # points of a matter that small talk doesn't have
_ASK = re.compile(
    r"反映|投诉|举报|请(?:问|求|派|尽快|帮|来|你们|街道|社区|物业|领导|有关|相关|予以)|要求|希望|建议|能不能|"
    r"可不可以|怎么办|没人管|"
    r"不管|管不管|麻烦|求助|诉求|来电|来访|吗[？?]|什么时候|何时|为什么|凭什么|哪里办|怎么(?:申请|办)|谁来管|"
    r"解决|快来|救"
)
_TROUBLE = re.compile(
    r"坏|漏|堵|吵|臭|脏|破|停(?:水|电|梯|气)了|没(?:水|电|气)|不亮|塌|溢|冒|断|裂|欠|拖|占|违|噪|垃圾|着火|困|打人|隐患|群租|隔成|隔断|扰民|"
    r"不同意|不公|不满|不给|没发|没到账|不肯|不交|难|危险|丢了|被偷|咬|砸|摔"
)
_ADVERT = re.compile(
    r"优惠|特价|折扣|[一二三四五六七八九\d]折|低价|价格(?:优惠|公道|实惠|便宜)|免费(?:上门|领|试|送|咨询|设计|"
    r"测量)|上门(?:服务|回收|维修|安装)|"
    r"专业(?:疏通|维修|开锁|搬家|保洁|清洗|安装|回收|防水|补漏|家教|辅导|装修|贷款)|高价回收|诚(?:聘|招)|招聘|"
    r"招生|出租|出售|转让|急售|"
    r"贷款|办证|加(?:我)?微信|微信同号|扫码(?:领|进群|关注|下单)|点击链接|开业|新店|促销|大酬宾|限时|特惠|欲购|从速|老客户|新客户|周年庆|全场|进店|送(?:礼|电饭|鸡蛋|赠品)|代办|包过|日结|"
    r"兼职|推广|房源|首付\d|"
    r"看房|电话(?:同微信|微信同号)|服务热线|咨询热线|拨打|欢迎(?:新老|光临|选购|咨询|来电|致电|品尝|订购)|"
    r"领取(?:红包|福利|优惠)|砍一刀|直播间|捧场|助力|投票|感兴趣(?:的)?(?:加|私|联系)|做保险的|意外险|理财|有需要(?:的)?(?:加|私|联系)"
)
_BUYING = re.compile(
    r"团购|接龙|拼单|拼团|自取|到货|下单|预订|要的(?:私|接|报|扣|联系)|\+\s?1$|"
    r"^\d+[.、]\s*\S{1,12}\s*\d+\s*(?:份|斤|箱|盒|板|袋)|"
    r"团长|要[一两三四五\d]{1,2}(?:斤|份|箱|盒)|截单|开团|成团|一(?:箱|板|盒|袋|斤|份)\d+|(?<!\d)\d{1,5}元?(?:一|/)(?:箱|板|盒|袋|斤|份)|新鲜到|现摘|包邮|取货|发货"
)
_NOTICE = re.compile(
    r"【[^】]{0,8}(?:通知|公告|提示|提醒|预告)】|温馨提示|友情提示|温馨提醒|通\s*知[：:】]|【通知】|公\s*告[：:】]|各位(?:业主|居民|邻居|家人|住户|村民|"
    r"家长)|尊敬的(?:业主|住户|居民|用户|客户)|"
    r"届时|敬请(?:谅解|留意|期待|配合|关注)|请(?:大家)?(?:提前|各位|业主|居民|住户|广大|相互转告|互相转告|做好|"
    r"注意|配合|错峰|周知|知悉|留意|携带|带好)|"
    r"特此(?:通知|告知|公告)|给您(?:带来|造成)的?不便|将于|将对|将在|定于|由此带来|计划(?:停|于)|检修.{0,8}停|"
    r"天气预报|预警|"
    r"报名(?:从速|请|接龙|链接|方式)|活动(?:时间|地点|预告|通知)|志愿者招募|欢迎.{0,8}(?:参加|报名)|"
    r"免费.{0,6}(?:体检|义诊|理发)|消杀|请(?:关好|关闭|收好|储水|备好|勿)|(?:——|—|-)\s?(?:物业|社区|居委会|管家|客服)[^，。]{0,6}$"
)
_COMPLAINT = re.compile(
    r"投诉|举报|反映|没人管|不管|诉求|来电人|来访|市民|要求|请求|骗|退费|退款|跑路|欺诈|维权|太吵|扰民|"
    r"占道|乱贴|小广告"
)
_HEADED = re.compile(r"【[^】]{0,8}(?:通知|公告|提示|提醒|预告)】|@所有人")
# Small talk between neighbours; only where nothing is wrong and nothing is asked.
_NEIGHBOURLY = re.compile(
    r"谁家的.{0,8}(?:快递|钥匙|猫|衣服|被子|伞).*(?:拿|捡|可爱|取|收)|捡到.{0,10}(?:钥匙|手机|卡|包|伞).*(?:拿|取|认领)|"
    r"有没有人.{0,12}(?:借|一起|组队|想)|谁家?有.{0,14}(?:借|送|不要|闲置|多余|多的)|借(?:我|一个|用|一下)|猫.{0,6}(?:怀孕|生)|自提|成新|出一台|"
    r"(?:落|忘|丢|掉)在.{0,16}(?:挂|放|搁)在|[三五]缺一|缺一个人|开黑|王者|谁要.{0,10}票|有票|去不了|月亮|彩虹|晚霞|真(?:圆|好看|漂亮|美)|组队|爬山|去不去|吃(?:什么|啥)好|抱孙子|恭喜"
)
_CHATTER = re.compile(
    r"^(?:收到|好的?|嗯+|哦+|哈+|呵+|是的|对的?|谢谢|多谢|辛苦了?|早上?好?|早安|晚安|晚上好|中午好|下午好|"
    r"新年好|新年快乐|节日快乐|生日快乐|"
    r"恭喜|ok|okk|okay|1|赞|顶|同意|支持|加油|拜拜|再见|在吗|有人吗|不客气|没事|知道了|明白|了解|可以|行|棒|"
    r"太好了|厉害|牛|加一|"
    r"[\W_\d]|王|李|张|刘|陈|书记|主任|阿姨|大姐|大哥|老师|师傅|网格员|各位|大家|邻居们?|楼长|家人们?|了|啊|呀|"
    r"哦|哈|吧|呢|啦|的|您|你|们|群主|也|一样|同|姐|哥|小|老)+$"
)
_GREETING = re.compile(
    r"早上好|早安|晚安|新年快乐|节日快乐|生日快乐|中秋快乐|端午安康|周末愉快|恭喜发财|吃了吗|哈哈+|嘿嘿|呵呵|"
    r"笑死|hhh+|233+|开玩笑|逗我|表情"
)
_DEED = re.compile(r"帮|修|送|救|陪|买|通了|疏通|捡|还给|找|扶|及时|耐心|热心|负责|解决|处理|师傅|大夫|锦旗|表扬|点赞")


def why_not(reading: Reading, points: float, danger: bool) -> str:
    """Why this is no appeal: "chatter", "buying", "notice", "advert" or "empty"; "" if it is one.

    `points` is the weight of the best category that isn't 其他; `danger` whether danger was seen.
    """
    plain = reading.plain.strip()
    if reading.empty and not any(c.isdigit() for c in plain):
        return "empty"
    if danger:
        return ""
    asks, trouble = bool(_ASK.search(plain)), bool(_TROUBLE.search(plain))
    if _CHATTER.match(plain) and not (asks or trouble):
        return "chatter"
    adverts = len(set(_ADVERT.findall(plain)))
    buying = len(set(_BUYING.findall(plain)))
    notices = len(set(_NOTICE.findall(plain)))
    if _COMPLAINT.search(plain):
        return ""
    asking = len(_ASK.findall(plain))
    contact = re.search(r"\d{3,}|1\d\d\*{2,}|电话|微信|私聊|私信|联系", plain)
    selling = not trouble or re.search(r"专业|上门|优惠|免费|回收|诚聘|招聘|贷款|价格", plain)
    reaches = adverts and contact and not asking and len(plain) <= ONE_WORD
    if selling and len(plain) <= LONGEST_ADVERT and (adverts >= 2 or reaches):
        return "advert"
    if buying >= 2 or (buying and not asks and not trouble and len(plain) < 60):
        return "buying"
    if (
        (_HEADED.match(plain) and asking <= 2)
        or notices >= 2
        or (notices and plain.startswith(("温馨", "通知", "【通知", "【温馨", "各位", "尊敬的业主", "友情")))
    ):
        return "notice" if asking <= 1 or notices >= 3 else ""
    small = _GREETING.search(plain) or (_NEIGHBOURLY.search(plain) and points < MATTER)
    if small and not asks and not trouble and len(plain) <= 40:
        return "chatter"
    if (
        len(plain) <= 14
        and not asks
        and not trouble
        and points < 3.0
        and re.search(r"谢谢|收到|辛苦|好的|知道了", plain)
    ):
        return "" if _DEED.search(plain) and len(plain) > 9 else "chatter"
    return ""
