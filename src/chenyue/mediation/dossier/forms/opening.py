"""Cover and index; how a matter came: application, acceptance, refusal at the door, rights and duties."""

from chenyue.mediation.dossier.forms.shared import COMMITTEE, SIGNERS, SIGNS, people, person, unit
from chenyue.mediation.dossier.layout import Column, Facts, Form, Line, Said, Stamp, Table, Title, When

COVER = Form(
    "cover",
    "卷宗封面",
    (
        Line("{committee}", side="center", strong=True),
        Title("人民调解卷宗", size="huge"),
        Facts(
            (
                (("卷名", "{title}"),),
                (("卷号", "{file_number}"),),
                (("人民调解员", "{mediators}"),),
                (("调解日期", "自 {from_on} 至 {until_on}"),),
                (("立卷人", "{filed_by}"), ("立卷日期", "{filed_on}")),
                (("保管期限", "{retention}"), ("册次", "{volume}")),
                (("备注", "{note}"),),
            )
        ),
    ),
    COMMITTEE
    | {
        "mediators": "王桂芳、赵大海",
        "from_on": "2026年3月2日",
        "until_on": "2026年3月20日",
        "filed_by": "李静",
        "filed_on": "2026年10月9日",
        "retention": "长期（60年），至2086年10月9日",
        "volume": "第1册",
        "note": "原件一份由法院退回后归入本卷。",
    },
)

INDEX = Form(
    "index",
    "卷宗目录",
    (
        Title("卷宗目录"),
        Line("{file_number}　{title}", side="center"),
        Table(
            "documents",
            (
                Column("序号", "{row.no}", 2),
                Column("文书名称", "{row.name}", 9),
                Column("页号", "{row.page}", 2),
                Column("备注", "{row.note}", 4),
            ),
        ),
    ),
    COMMITTEE | {"documents": [{"no": "1", "name": "人民调解申请书", "page": "1", "note": "口头申请，代为记录"}]},
)

APPLICATION = Form(
    "application",
    "人民调解申请书",
    (
        Title("人民调解申请书"),
        people("applicants"),
        people("respondents"),
        Said("纠纷简要情况：", "{facts}"),
        Said("当事人申请事项：", "{requests}"),
        When("taken_by", (Line("以上由申请人口述，{taken_by}代为记录，并已向申请人宣读。", indent=True),)),
        Line("人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解委员会进行调解。", indent=True),
        SIGNS,
        Line("{applied_on}", side="right"),
        Line("此致　{committee}"),
    ),
    COMMITTEE
    | {
        "applicants": [person()],
        "respondents": [person("被申请人", "何建军", gender="男", age="38岁", contact="13900002222", via=""), unit()],
        "facts": "2025年村里征地，土地补偿费97,912元、安置补助费58,742元发到户主名下。\n"
        "何秀兰离婚后户口仍在本户，没有分到。",
        "requests": "1. 按四人平均分配补偿费。\n2. 2026年4月底前付清。",
        "taken_by": "李静",
        "signers": SIGNERS[:1],
        "applied_on": "2026年3月1日",
    },
)

ACCEPTANCE = Form(
    "acceptance",
    "人民调解受理登记表",
    (
        Title("人民调解受理登记表"),
        Line("登记日期：{registered_on}　　编号：{file_number}"),
        people("parties"),
        Facts(
            (
                (("纠纷类型", "{dispute}"), ("案件来源", "{source}")),
                (("移交单位", "{source_body}"), ("移交文号", "{source_number}")),
                (("纠纷简要情况", "{facts}"),),
                (("申请事项", "{requests}"),),
                (("调解期限", "至 {due_on}"), ("登记人", "{registered_by}")),
                (("备注", "{note}"),),
            )
        ),
        SIGNS,
        Stamp("{committee}", "{registered_on}"),
    ),
    COMMITTEE
    | {
        "registered_on": "2026年3月2日",
        "parties": [person(), unit()],
        "dispute": "征地拆迁纠纷",
        "source": "公安机关移交",
        "source_body": "晨光派出所",
        "source_number": "晨公移〔2026〕12号",
        "facts": "离婚后户口仍在本户的成员，是否参与分配。",
        "requests": "1. 按四人平均分配。",
        "due_on": "2026年4月1日",
        "registered_by": "李静",
        "note": "此表由人民调解委员会填写。",
        "signers": SIGNERS,
    },
)

NOT_ACCEPTED = Form(
    "not_accepted",
    "不予受理告知书",
    (
        Title("不予受理告知书"),
        Line("{file_number}", side="right"),
        Line("{applicants}："),
        Line("你（单位）{applied_on}就“{title}”提出的人民调解申请，经审查，本委员会不予受理。", indent=True),
        Said("理由：", "{reason}"),
        Said("依据：", "{source}"),
        Said("可以走的路：", "{roads}"),
        Line(
            "不予受理不影响你（单位）依法通过仲裁、行政、司法等途径维护自己的权利。上述情形消除后，可以再次申请。",
            indent=True,
        ),
        Line("联系：{committee_address}，{committee_phone}"),
        Stamp("{committee}", "{on}"),
        SIGNS,
    ),
    COMMITTEE
    | {
        "applicants": "何秀兰",
        "applied_on": "2026年3月1日",
        "reason": "本纠纷人民法院已经立案，尚在审理中。",
        "source": "人民调解法第十七条",
        "roads": "向受理案件的人民法院申请调解，或者等待裁判。",
        "on": "2026年3月2日",
        "signers": [{"who": "送达回证　签收人", "words": "何秀兰　2026年3月2日"}],
    },
)

RIGHTS_WORDS = """一、性质
人民调解委员会是依法设立的调解民间纠纷的群众性组织。人民调解通过说服、疏导等方法，促使当事人在平等协商基础上自愿达成调解协议。调解不收取任何费用。（第二条、第四条、第七条）
二、原则
1. 在当事人自愿、平等的基础上进行调解；
2. 不违背法律、法规和国家政策；
3. 尊重当事人的权利，不得因调解而阻止当事人依法通过仲裁、行政、司法等途径维护自己的权利。（第三条）
三、当事人的权利
1. 选择或者接受人民调解员；
2. 接受调解、拒绝调解或者要求终止调解；
3. 要求调解公开进行或者不公开进行；
4. 自主表达意愿、自愿达成调解协议。（第二十三条）
四、当事人的义务
1. 如实陈述纠纷事实；
2. 遵守调解现场秩序，尊重人民调解员；
3. 尊重对方当事人行使权利。（第二十四条）
五、效力
调解协议书自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效；口头调解协议自各方当事人达成协议之日起生效。（第二十九条、第三十条）
经人民调解委员会调解达成的调解协议，具有法律约束力，当事人应当按照约定履行；就履行或者内容发生争议的，可以向人民法院提起诉讼。（第三十一条、第三十二条）
双方当事人认为有必要的，可以自调解协议生效之日起三十日内共同向人民法院申请司法确认；确认有效后一方不履行的，对方可以申请强制执行。（第三十三条）
调解不成的，终止调解，当事人可以依法通过仲裁、行政、司法等途径维护自己的权利。（第二十六条）"""

RIGHTS = Form(
    "rights",
    "人民调解当事人权利义务告知书",
    (
        Title("人民调解当事人\n权利义务告知书"),
        Line("{title}　{file_number}", side="center"),
        Line(
            "根据《中华人民共和国人民调解法》，现将人民调解的性质、原则、效力和当事人的权利义务告知如下：", indent=True
        ),
        *[
            Line(words, indent=words[0] not in "一二三四五", strong=words[0] in "一二三四五")
            for words in RIGHTS_WORDS.split("\n")
        ],
        Title("告知和同意情况", size="small"),
        Table(
            "answers",
            (
                Column("当事人", "{row.who}", 4),
                Column("权利义务告知", "{row.told}", 5),
                Column("是否同意调解", "{row.agrees}", 5),
                Column("说明", "{row.words}", 4),
            ),
        ),
        SIGNS,
    ),
    COMMITTEE
    | {
        "answers": [
            {
                "who": "何秀兰",
                "told": "书面　2026年3月2日",
                "agrees": "同意　口头记录　2026年3月3日",
                "words": "要求不公开",
            }
        ],
        "signers": SIGNERS,
    },
)

FORMS = (COVER, INDEX, APPLICATION, ACCEPTANCE, NOT_ACCEPTED, RIGHTS)
