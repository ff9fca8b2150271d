"""How a matter ended, what is to be said of the file, and its back."""

from chenyue.mediation.dossier.forms.shared import COMMITTEE, SIGNS
from chenyue.mediation.dossier.layout import Column, Facts, Form, Line, Said, Stamp, Table, Title

TERMINATION = Form(
    "termination",
    "终止调解通知书",
    (
        Title("终止调解通知书"),
        Line("{file_number}", side="right"),
        Line("{parties}："),
        Line(
            "你们之间的“{title}”，本委员会于{registered_on}受理。经调解未能达成协议（未能继续），现终止调解。",
            indent=True,
        ),
        Said("终止的原因：", "{reason}"),
        Said("已经履行或者无争议的部分：", "{settled}"),
        Said("你们仍然享有的权利：", "{rights}"),
        Line(
            "依据《中华人民共和国人民调解法》第二十六条。人民调解不收取任何费用，也不影响上述权利的行使；"
            "请留意仲裁、诉讼的时效期间。",
            indent=True,
        ),
        Line("联系：{committee_address}，{committee_phone}"),
        Stamp("{committee}", "{on}"),
        SIGNS,
    ),
    COMMITTEE
    | {
        "parties": "何秀兰、何建军",
        "registered_on": "2026年3月2日",
        "reason": "一方当事人要求终止调解。",
        "settled": "无",
        "rights": "1. 仲裁：属于仲裁范围的，可以依法申请仲裁。\n"
        "2. 行政：可以请求有关行政机关依法处理。\n3. 司法：可以向人民法院提起诉讼。",
        "on": "2026年4月1日",
        "signers": [{"who": "送达回证　签收人", "words": "何建军　2026年4月2日"}],
    },
)

CLOSING = Form(
    "closing",
    "结案报告表",
    (
        Title("人民调解结案报告表"),
        Facts(
            (
                (("卷号", "{file_number}"), ("填表时间", "{filed_on}")),
                (("承办单位", "{committee}"), ("承办人", "{mediators}")),
                (("受案时间", "{registered_on}"), ("结案时间", "{ended_on}")),
                (("当事人", "{parties}"),),
                (("案件来源", "{source}"), ("纠纷类型", "{dispute}")),
                (("结果", "{result}"),),
                (("简要事实", "{facts}"),),
                (("协议和履行", "{performed}"),),
            )
        ),
        SIGNS,
        Stamp("{committee}", "{filed_on}"),
    ),
    COMMITTEE
    | {
        "filed_on": "2026年10月9日",
        "mediators": "王桂芳、赵大海",
        "registered_on": "2026年3月2日",
        "ended_on": "2026年10月8日",
        "parties": "申请人何秀兰；被申请人何建军",
        "source": "当事人申请",
        "dispute": "征地拆迁纠纷",
        "result": "达成协议并已履行",
        "facts": "离婚后户口仍在本户的成员，是否参与分配。",
        "performed": "2026年3月20日达成书面协议，2期全部履行。",
        "signers": [{"who": "承办人（签名）", "words": ""}, {"who": "负责人意见", "words": "同意结案"}],
    },
)

SITUATION = Form(
    "situation",
    "卷宗情况说明",
    (
        Title("卷宗情况说明"),
        Said("办理经过：", "{course}"),
        Said("缺少、替代的文书：", "{lacking}"),
        Said("原件情况：", "{originals}"),
        Said("其他需要说明的情况：", "{note}"),
        Table(
            "changes",
            (Column("日期", "{row.on}", 3), Column("情况", "{row.what}", 9)),
            "没有延期、更换调解员等情况。",
        ),
        Line("说明人：{filed_by}　　{filed_on}", side="right"),
    ),
    COMMITTEE
    | {
        "course": "2026年3月2日受理，调解2次，2026年3月20日达成协议。",
        "lacking": "没有缺少必备文书。",
        "originals": "证据1原件已退还何建军。",
        "note": "本卷为补充材料后重新立卷。",
        "changes": [{"on": "2026年3月5日", "what": "更换人民调解员：赵大海接替刘明"}],
        "filed_by": "李静",
        "filed_on": "2026年10月9日",
    },
)

BACK = Form(
    "back",
    "封底",
    (
        Title("卷宗封底"),
        Line("{file_number}　{title}", side="center"),
        Facts(
            (
                (("本卷文书", "{documents}"), ("本卷页数", "{pages}")),
                (("立卷人", "{filed_by}"), ("立卷日期", "{filed_on}")),
                (("检查人", "{checked_by}"), ("保管期限", "{retention}")),
            )
        ),
        SIGNS,
        Stamp("{committee}", "{filed_on}"),
    ),
    COMMITTEE
    | {
        "documents": "13件",
        "pages": "36页",
        "filed_by": "李静",
        "filed_on": "2026年10月9日",
        "checked_by": "赵敏",
        "retention": "长期（60年）",
        "signers": [{"who": "检查人（签名）", "words": ""}],
    },
)

UNPERFORMED = Form(
    "unperformed",
    "协议未履行权利告知书",
    (
        Title("协议未履行权利告知书"),
        Line("{agreement_number}", side="right"),
        Line("{to}："),
        Line("你（单位）参加达成的“{title}”调解协议（{effect_on}生效）有下列内容没有按约履行：", indent=True),
        Table(
            "rows",
            (
                Column("义务人", "{row.debtor}", 3),
                Column("应履行", "{row.due}", 5),
                Column("已履行", "{row.paid}", 4),
            ),
        ),
        Said("已经采取的督促：", "{steps}"),
        Said("你（单位）可以：", "{rights}"),
        Line("依据《中华人民共和国人民调解法》第三十一条、第三十二条、第三十三条。", indent=True),
        Line("联系：{committee_address}，{committee_phone}"),
        Stamp("{committee}", "{on}"),
    ),
    COMMITTEE
    | {
        "agreement_number": "（2026）晨光人调字第7号",
        "to": "何秀兰",
        "effect_on": "2026年3月20日",
        "rows": [{"debtor": "何建军", "due": "2026年4月30日　19,163.50元", "paid": "5,000.00元"}],
        "steps": "2026年5月1日电话提醒，2026年5月8日上门。",
        "rights": "1. 向人民法院提起诉讼，请求对方履行协议。\n2. 协议已经司法确认的，申请强制执行。",
        "on": "2026年5月20日",
    },
)

FORMS = (TERMINATION, CLOSING, SITUATION, BACK, UNPERFORMED)
