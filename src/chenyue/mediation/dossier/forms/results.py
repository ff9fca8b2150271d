"""What was agreed and what came of it: agreement, oral one, performance, confirmation by a court, and how it ended."""

from typing import Any

from chenyue.mediation.dossier.forms.shared import COMMITTEE, SIGNERS, SIGNS, people, person, unit
from chenyue.mediation.dossier.layout import Block, Column, Facts, Form, Line, Said, Stamp, Table, Title, When

DUTIES = Table(
    "obligations",
    (
        Column("序号", "{row.no}", 2),
        Column("义务人、权利人", "{row.who}", 4),
        Column("内容", "{row.what}", 5),
        Column("金额", "{row.amount}", 5),
        Column("期限", "{row.due}", 5),
        Column("账户或方式", "{row.manner}", 4),
        Column("不履行的责任", "{row.breach}", 4),
    ),
    "本协议没有须另行履行的义务。",
)
AGREED: dict[str, Any] = COMMITTEE | {
    "agreement_number": "（2026）晨光人调字第7号",
    "parties": [person(), unit()],
    "facts": "2025年征地，土地补偿费、安置补助费共156,654元。",
    "dispute": "离婚后户口仍在本户的成员是否参与分配。",
    "responsibilities": "补偿费由户主代领，户主应当按成员分付。",
    "clauses": "一、四名成员每人分得39,163.50元。\n二、房屋和青苗补偿归实际投入人。",
    "obligations": [
        {
            "no": "1",
            "who": "何建军向何秀兰",
            "what": "支付补偿费",
            "amount": "39,163.50元（叁万玖仟壹佰陆拾叁元伍角整）",
            "due": "2026年3月31日20,000元；2026年4月30日19,163.50元",
            "manner": "转入何秀兰农商行账户",
            "breach": "逾期按日万分之一",
        }
    ],
    "total": "39,163.50元（大写：叁万玖仟壹佰陆拾叁元伍角整）",
    "breach": "一方不履行的，另一方可以向人民法院起诉。",
    "recorder": "李静",
}
MATTER: tuple[Block, ...] = (
    people("parties"),
    Said("纠纷主要事实：", "{facts}"),
    Said("争议事项：", "{dispute}"),
    When("responsibilities", (Said("各方当事人的责任：", "{responsibilities}"),)),
    Said("经调解，自愿达成如下协议：", "{clauses}"),
    Title("履行方式、时限", size="small"),
    DUTIES,
    When("total", (Line("金额合计：{total}"),)),
    When("breach", (Said("违约责任：", "{breach}"),)),
)

AGREEMENT = Form(
    "agreement",
    "人民调解协议书",
    (
        Title("人民调解协议书"),
        Line("编号：{agreement_number}", side="right"),
        When("standing", (Line("{standing}", strong=True),)),
        *MATTER,
        Line(
            "本协议一式{copies}份，当事人各执一份，{committee}存一份。自各方当事人签名、盖章或者按指印，"
            "人民调解员签名并加盖人民调解委员会印章之日起生效。",
            indent=True,
        ),
        SIGNS,
        When("recorder", (Line("记录人：{recorder}"),)),
        When("effect_on", (Line("生效日期：{effect_on}"),)),
        Stamp("{committee}", "{seal_on}"),
    ),
    AGREED
    | {
        "standing": "本协议就部分争议达成。",
        "copies": "3",
        "signers": [*SIGNERS, {"who": "人民调解员（签名）", "words": "王桂芳　2026年3月20日签名"}],
        "effect_on": "2026年3月20日",
        "seal_on": "2026年3月20日",
    },
)

ORAL = Form(
    "oral",
    "人民调解口头协议登记表",
    (
        Title("人民调解口头协议登记表"),
        Line("编号：{agreement_number}", side="right"),
        *MATTER,
        Line("采用口头方式的理由：{why_oral}", indent=True),
        Line("口头调解协议自各方当事人达成协议之日（{reached_on}）起生效。", indent=True),
        When("recorder", (Line("记录人：{recorder}"),)),
        SIGNS,
        Stamp("{committee}", "{reached_on}"),
    ),
    AGREED
    | {
        "why_oral": "当场履行完毕，双方认为无需制作协议书。",
        "reached_on": "2026年3月20日",
        "signers": [{"who": "人民调解员（签名）", "words": "王桂芳　2026年3月20日"}],
    },
)

PERFORMANCE = Form(
    "performance",
    "履行凭证",
    (
        Title("协议履行情况和凭证"),
        Table(
            "rows",
            (
                Column("协议、期次", "{row.no}", 4),
                Column("义务人", "{row.debtor}", 3),
                Column("应履行", "{row.due}", 5),
                Column("已履行", "{row.paid}", 5),
                Column("凭证", "{row.proof}", 4),
                Column("确认", "{row.confirmed}", 4),
            ),
            "没有履行记录。",
        ),
        Line("{summary}", indent=True),
        Line("凭证附后。"),
    ),
    COMMITTEE
    | {
        "rows": [
            {
                "no": "第1期",
                "debtor": "何建军",
                "due": "2026年3月31日　20,000.00元",
                "paid": "2026年3月30日　20,000.00元",
                "proof": "转账凭证（证据5）",
                "confirmed": "权利人已确认",
            }
        ],
        "summary": "共2期，履行2期。",
    },
)

CONFIRMATION = Form(
    "confirmation",
    "司法确认申请书",
    (
        Title("司法确认申请书"),
        people("parties"),
        Said(
            "申请事项：",
            "请求人民法院依法确认申请人于{effect_on}经{committee}主持调解达成的调解协议（{agreement_number}）有效。",
        ),
        Said("协议主要内容：", "{clauses}"),
        Said("事实和理由：", "{facts}"),
        Line(
            "申请人出于解决纠纷的目的自愿达成调解协议，没有恶意串通、规避法律的行为；如果因为该协议内容给他人造成损害的，"
            "愿意承担相应的民事责任和其他法律责任。",
            indent=True,
        ),
        Line(
            "根据《中华人民共和国人民调解法》第三十三条，在协议生效之日起三十日内（{last_day}前）共同提出申请。",
            indent=True,
        ),
        Table(
            "addresses",
            (
                Column("申请人", "{row.who}", 4),
                Column("证件号码", "{row.id_number}", 6),
                Column("送达地址", "{row.address}", 7),
                Column("电话", "{row.contact}", 4),
            ),
        ),
        Line("此致　{court}"),
        SIGNS,
        Line("{on}", side="right"),
    ),
    COMMITTEE
    | {
        "parties": [person(), unit("申请人")],
        "effect_on": "2026年3月20日",
        "agreement_number": "（2026）晨光人调字第7号",
        "clauses": "一、四名成员每人分得39,163.50元。",
        "facts": "双方因土地补偿费分配发生纠纷。",
        "last_day": "2026年4月20日",
        "addresses": [
            {
                "who": "何秀兰",
                "id_number": "110101196505050021",
                "address": "前沙村二组18号",
                "contact": "13900001111",
            }
        ],
        "court": "晨光区人民法院",
        "signers": SIGNERS,
        "on": "2026年3月25日",
    },
)

CONFIRMING = Form(
    "confirming",
    "司法确认材料",
    (
        Title("司法确认材料清单"),
        Facts(
            (
                (("人民法院", "{court}"), ("申请日期", "{applied_on}")),
                (("裁定文号", "{ruling_number}"), ("裁定日期", "{ruled_on}")),
                (("结果", "{state}"), ("法定末日", "{last_day}")),
                (("说明", "{words}"),),
            )
        ),
        Table(
            "papers",
            (
                Column("序号", "{row.no}", 1),
                Column("材料", "{row.name}", 6),
                Column("有无", "{row.have}", 2),
                Column("说明", "{row.words}", 5),
            ),
        ),
        Line("依据：最高人民法院关于人民调解协议司法确认程序的若干规定第三条。"),
    ),
    COMMITTEE
    | {
        "court": "晨光区人民法院",
        "applied_on": "2026年3月25日",
        "ruling_number": "（2026）晨0101民特12号",
        "ruled_on": "2026年4月2日",
        "state": "确认有效",
        "last_day": "2026年4月20日",
        "words": "双方同时到庭。",
        "papers": [{"no": "1", "name": "司法确认申请书", "have": "有", "words": "双方签名"}],
    },
)

CERTIFIED = Form(
    "certified",
    "人民调解协议书（核对副本）",
    (
        Title("人民调解协议书"),
        Title("（核对副本）", size="small"),
        Line("编号：{agreement_number}", side="right"),
        When("standing", (Line("{standing}", strong=True),)),
        *MATTER,
        SIGNS,
        When("recorder", (Line("记录人：{recorder}"),)),
        When("effect_on", (Line("生效日期：{effect_on}"),)),
        Title("核对证明", size="small"),
        Line("{lost}", indent=True),
        Line("{basis}", indent=True),
        Line("经核对，本副本所载内容与上述文本一致。特此证明。", indent=True),
        Line("核对人（签名）：＿＿＿＿＿＿＿＿"),
        Line("领取人（签名）：＿＿＿＿＿＿＿＿　　领取日期：＿＿＿＿＿＿＿＿"),
        Stamp("{committee}", "{on}"),
    ),
    AGREED
    | {
        "standing": "本协议就部分争议达成。",
        "signers": [*SIGNERS, {"who": "人民调解员（签名）", "words": "王桂芳　2026年3月20日签名"}],
        "effect_on": "2026年3月20日",
        "lost": "本协议原件于2026年5月8日登记遗失：当事人搬家时丢失。",
        "basis": "核对依据：本委员会留存的签署文本（SHA-256 3f5a…）。",
        "on": "2026年5月10日",
    },
)

FORMS = (AGREEMENT, ORAL, CERTIFIED, PERFORMANCE, CONFIRMATION, CONFIRMING)
