"""Who the parties are and who acts for them, what was found out, what was said in meetings."""

from chenyue.mediation.dossier.forms.shared import COMMITTEE, SIGNERS, SIGNS
from chenyue.mediation.dossier.layout import Column, Each, Facts, Form, Line, Said, Stamp, Table, Title, When

IDENTITY = Form(
    "identity",
    "当事人身份证明",
    (
        Title("当事人身份证明"),
        Table(
            "papers",
            (
                Column("当事人", "{row.who}", 4),
                Column("证明种类", "{row.kind}", 4),
                Column("号码", "{row.number}", 6),
                Column("法定代表人、监护人等", "{row.head}", 5),
                Column("附件", "{row.scan}", 4),
            ),
        ),
        Line("复印件附后，已与原件核对。{checked}"),
        SIGNS,
    ),
    COMMITTEE
    | {
        "papers": [
            {
                "who": "何秀兰",
                "kind": "居民身份证",
                "number": "110101196505050021",
                "head": "监护人：何晓梅（女儿）",
                "scan": "证据3，2页",
            }
        ],
        "checked": "核对人：王桂芳",
        "signers": [{"who": "核对人（签名）", "words": "王桂芳　2026年3月4日"}],
    },
)

AUTHORITY = Form(
    "authority",
    "授权委托书",
    (
        Title("{heading}"),
        Facts(
            (
                (("委托人", "{principals}"),),
                (("受托人", "{agent}"), ("与委托人关系", "{relation}")),
                (("证件号码", "{agent_id}"), ("联系电话", "{agent_phone}")),
            )
        ),
        Line("现委托上述受托人在“{title}”人民调解活动中，作为{acts}。", indent=True),
        Said("代理权限：", "{scope}"),
        Line("{settle}", indent=True),
        Line("代理期限：{term}", indent=True),
        SIGNS,
        Line("{on}", side="right"),
    ),
    COMMITTEE
    | {
        "heading": "授权委托书",
        "principals": "何秀兰",
        "agent": "何晓梅",
        "relation": "女儿",
        "agent_id": "110101199001010026",
        "agent_phone": "13900003333",
        "acts": "委托代理人",
        "scope": "代为参加调解、陈述意见、收发材料。",
        "settle": "特别授权：可以代为承认、放弃、变更请求，达成和签署调解协议。",
        "term": "2026年3月2日至调解终结",
        "signers": [{"who": "委托人（签名、盖章或按指印）", "words": ""}, {"who": "受托人（签名）", "words": "何晓梅"}],
        "on": "2026年3月5日",
    },
)

INQUIRY = Form(
    "inquiry",
    "人民调解调查记录",
    (
        Title("人民调解调查记录"),
        Facts(
            (
                (("时间", "{time}"),),
                (("地点", "{place}"),),
                (("参加人", "{present}"),),
                (("被调查人", "{asked}"), ("方式", "{kind}")),
                (("调查人", "{asking}"), ("记录人", "{recorder}")),
            )
        ),
        Said("内容：", "{words}"),
        SIGNS,
        When("objections", (Said("对记录的意见：", "{objections}"),)),
    ),
    COMMITTEE
    | {
        "time": "2026年3月6日 14:00–15:30",
        "place": "前沙村二组地头",
        "present": "何建军、沙国强",
        "asked": "沙老根（本组老人）",
        "kind": "现场查看",
        "asking": "王桂芳、赵大海",
        "recorder": "李静",
        "words": "沙老根指认地界：东至水渠，西至老槐树。\n现场丈量南北长42.6米。",
        "signers": [{"who": "被调查人（签名或按指印）", "words": "沙老根　2026年3月6日"}],
        "objections": "何建军：丈量时没有叫我拉尺。",
    },
)

EVIDENCE = Form(
    "evidence",
    "证据材料",
    (
        Title("证据材料清单"),
        Table(
            "rows",
            (
                Column("编号", "{row.no}", 3),
                Column("名称", "{row.name}", 6),
                Column("种类", "{row.kind}", 4),
                Column("来源、提交人", "{row.source}", 5),
                Column("页数", "{row.pages}", 2),
                Column("原件", "{row.original}", 5),
            ),
            "没有收到证据材料。",
        ),
        Title("文件校验值（SHA-256）", size="small"),
        Table("files", (Column("编号", "{row.no}", 2), Column("校验值", "{row.sum}", 13)), "没有电子文件。"),
    ),
    COMMITTEE
    | {
        "rows": [
            {
                "no": "证据1",
                "name": "1983年承包地册复印件",
                "kind": "档案复制件",
                "source": "村委会（何建军提交）",
                "pages": "3",
                "original": "原件存村档案室",
            }
        ],
        "files": [{"no": "证据1", "sum": "9f86d081884c7d659a2feaa0c55ad015 a3bf4f1b2b0b822cd15d6c15b0f00a08"}],
    },
)

MINUTES = Form(
    "minutes",
    "人民调解记录",
    (
        Title("人民调解记录"),
        Line("第{no}次　{file_number}", side="center"),
        Facts(
            (
                (("时间", "{time}"),),
                (("地点", "{place}"), ("方式", "{openness}")),
                (("人民调解员", "{mediators}"), ("记录人", "{recorder}")),
                (("参加人", "{present}"),),
                (("未到人员", "{absent}"),),
            )
        ),
        Said("调解过程：", "{words}"),
        Said("调解结果：", "{result}"),
        Line("结论：{agreed}", strong=True),
        When("objections", (Said("当事人对记录的意见：", "{objections}"),)),
        SIGNS,
    ),
    COMMITTEE
    | {
        "no": "2",
        "time": "2026年3月20日 09:00–11:00",
        "openness": "不公开",
        "place": "便民服务中心调解室",
        "mediators": "王桂芳、赵大海",
        "recorder": "李静",
        "present": "申请人何秀兰及代理人何晓梅；被申请人何建军；邀请：前沙村村委会沙国强",
        "absent": "无",
        "words": "调解员讲解农村土地承包法第三十一条。\n双方核对补偿清册，确认四人为分配成员。",
        "result": "双方同意每人39,163.50元。",
        "agreed": "达成协议",
        "objections": "何建军：对年份的写法提出更正，已改。",
        "signers": [
            *SIGNERS,
            {"who": "人民调解员（签名）", "words": "王桂芳"},
            {"who": "记录人（签名）", "words": "李静"},
        ],
    },
)

NOTICE = Form(
    "notice",
    "调解通知书",
    (
        Title("{heading}"),
        Line("{file_number}", side="right"),
        Line("{to}："),
        Line("关于“{title}”，请你（单位）参加下列活动：", indent=True),
        Facts(
            (
                (("时间", "{time}"),),
                (("地点", "{place}"),),
                (("内容", "{agenda}"),),
                (("调解员", "{mediators}"), ("方式", "{openness}")),
            )
        ),
        Line("参加调解出于自愿。不能到场的，请提前告知；委托他人的，请带授权委托书和双方身份证件。", indent=True),
        Line("请带：{bring}", indent=True),
        Line("联系：{contact}，{committee_phone}，{committee_address}", indent=True),
        Stamp("{committee}", "{on}"),
    ),
    COMMITTEE
    | {
        "heading": "调解通知书",
        "to": "何建军",
        "time": "2026年3月20日（星期五）09:00",
        "place": "便民服务中心调解室",
        "agenda": "核对补偿清册，商谈分配办法。",
        "mediators": "王桂芳、赵大海",
        "openness": "不公开",
        "bring": "身份证、与纠纷有关的材料",
        "contact": "李静",
        "on": "2026年3月15日",
    },
)

VISITS = Form(
    "visits",
    "人民调解回访记录",
    (
        Title("人民调解回访记录"),
        Each(
            "visits",
            (
                Facts(
                    (
                        (("当事人", "{row.who}"), ("协议编号", "{row.agreement}")),
                        (("回访事由", "{row.why}"), ("回访时间", "{row.time}")),
                        (("履行情况", "{row.performed}"), ("满意度", "{row.grade}")),
                        (("反复、激化、隐患", "{row.signs}"),),
                        (("回访情况", "{row.words}"),),
                        (("措施", "{row.measures}"),),
                        (("回访人", "{row.by}"),),
                    )
                ),
            ),
        ),
        Stamp("{committee}", "{on}"),
    ),
    COMMITTEE
    | {
        "visits": [
            {
                "who": "何秀兰",
                "agreement": "（2026）晨光人调字第7号",
                "why": "首期到期次日",
                "time": "2026年4月1日 10:20",
                "performed": "已按约履行",
                "grade": "满意",
                "signs": "有反复的苗头",
                "words": "款已收到，两家恢复来往。",
                "measures": "交社区网格员留意。",
                "by": "李静",
            }
        ],
        "on": "2026年10月9日",
    },
)

FORMS = (IDENTITY, AUTHORITY, INQUIRY, EVIDENCE, MINUTES, NOTICE, VISITS)
