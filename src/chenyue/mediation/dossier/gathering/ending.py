"""How it ended; what is to be said of the file; cover, index and back."""

from chenyue.mediation import law
from chenyue.mediation.dossier.gathering.matter import Matter, Row, day, names, roads
from chenyue.mediation.lifecycle import Form, Side, Stage
from chenyue.timeline.models import Entry

RESULTS = {
    Stage.PERFORMED: "达成协议并已履行",
    Stage.PERFORMING: "达成协议，履行中",
    Stage.TERMINATED: "终止调解",
    Stage.REFUSED: "当事人一方明确拒绝，未调解",
    Stage.NOT_ACCEPTED: "不予受理",
}


def ending_of(matter: Matter) -> str:
    """The code of the reason for which mediating ended, as its entry says; "" where it didn't."""
    entry = Entry.objects.filter(subject=matter.mediation.subject, verb="mediation.terminated").order_by("-pk").first()
    return str(entry.data.get("why", "")) if entry else ""


def termination(matter: Matter) -> Row:
    """终止调解通知书 (art. 26): why, what stands all the same, which roads remain."""
    row = matter.mediation
    reason = law.endings().get(ending_of(matter))
    agreed = [
        f"{day(one.effect_on or one.reached_on)}达成的协议（第{one.number}号）仍然有效" for one in matter.standing
    ]
    words = [f"{reason.zh}。" if reason else "调解不成。", row.result_words]
    return matter.common | {
        "parties": names(party.name for party in matter.current),
        "registered_on": day(row.registered_on or row.made_at),
        "reason": "\n".join(part for part in words if part),
        "settled": "；".join(agreed) + "。" if agreed else "无",
        "rights": roads(),
        "on": day(row.ended_at or row.stage_at),
        "signers": [{"who": f"送达回证　{party.name}签收", "words": ""} for party in matter.current],
    }


def closing(matter: Matter) -> Row:
    """结案报告表."""
    row = matter.mediation
    agreed = [
        f"{day(one.effect_on or one.reached_on)}达成{_form(one.form)}协议（第{one.number}号）"
        for one in matter.standing
    ]
    source = str(row.get_source_display()) + (f"（{row.source_body}）" if row.source_body else "")
    return matter.common | {
        "filed_on": day(matter.at),
        "mediators": matter.mediators,
        "registered_on": day(row.registered_on),
        "ended_on": day(row.ended_at),
        "parties": "；".join(
            f"{Side(side).label}{names(party.name for party in matter.of_side(side))}"
            for side in Side.values
            if matter.of_side(side)
        ),
        "source": source,
        "dispute": str(row.get_dispute_display()),
        "result": RESULTS.get(Stage(row.stage), str(row.get_stage_display())),
        "facts": row.facts,
        "performed": "；".join(agreed) + "。" if agreed else "没有达成协议。",
        "signers": [{"who": "承办人（签名）", "words": ""}, {"who": "负责人意见", "words": ""}],
    }


def _form(form: str) -> str:
    return "口头" if form == Form.ORAL else "书面"


def situation(matter: Matter, lacking: list[str], replaced: int) -> Row:
    """卷宗情况说明. `lacking`: what this file hasn't, in words; `replaced`: the volume that this one follows."""
    row = matter.mediation
    course = [
        f"{day(row.made_at)}收到",
        f"{day(row.registered_on)}受理" if row.registered_on else "未受理",
        f"调查{len(matter.inquiries)}次" if matter.inquiries else "",
        f"调解{len(matter.talks)}次",
        *(f"{day(one.effect_on or one.reached_on)}达成协议" for one in matter.agreements),
        f"{day(row.ended_at)}{RESULTS.get(Stage(row.stage), '结束')}" if row.ended_at else "",
    ]
    paper = [f"证据{one.number}{one.title}" for one in matter.evidence if not one.path]
    note = [
        f"本卷在第{replaced}册之后重新立卷。" if replaced else "",
        f"没有扫描件、以纸质附卷的：{names(paper)}。" if paper else "",
    ]
    return matter.common | {
        "course": "，".join(part for part in course if part) + "。",
        "lacking": "\n".join(lacking) or "没有缺少必备文书。",
        "originals": "\n".join(_originals(matter)) or "没有需要说明的。",
        "note": "\n".join(part for part in note if part),
        "changes": _changes(matter),
        "filed_by": matter.filed_by,
        "filed_on": day(matter.at),
    }


def _originals(matter: Matter) -> list[str]:
    found = []
    for one in matter.evidence:
        if one.original_lost_at:
            found.append(f"证据{one.number}原件{day(one.original_lost_at)}遗失：{one.original_lost_why}")
        elif one.original_returned_at:
            found.append(f"证据{one.number}原件{day(one.original_returned_at)}已退还。")
        elif one.original:
            found.append(f"证据{one.number}原件：{one.original}。")
    for agreed in matter.agreements:
        if agreed.original_lost_at:
            found.append(
                f"第{agreed.number}号协议原件{day(agreed.original_lost_at)}遗失：{agreed.original_lost_why}，以核对副本代替。"
            )
    return found


def _changes(matter: Matter) -> list[Row]:
    """Extensions, mediators who were replaced, parties who died or left: by day."""
    found = [(one.granted_at, f"各方同意延期至{day(one.until)}：{one.reason}") for one in matter.extensions]
    found += [
        (one.until, f"人民调解员{one.mediator.name}不再参加：{one.ended_why or '更换'}")
        for one in matter.appointments
        if one.until
    ]
    rows = [(day(at), at.isoformat(), words) for at, words in found if at]
    for party in matter.parties:
        if party.died_on:
            rows.append((day(party.died_on), party.died_on.isoformat(), f"{party.get_side_display()}{party.name}死亡"))
        if party.left_at:
            left = f"{party.get_side_display()}{party.name}退出调解"
            rows.append((day(party.left_at), party.left_at.isoformat(), left))
    return [{"on": on, "what": what} for on, _sort, what in sorted(rows, key=lambda row: row[1])]
