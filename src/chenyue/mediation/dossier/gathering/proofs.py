"""Who the parties are, who acts for them; inquiries, evidence, meetings, visits."""

from collections.abc import Iterable

from django.utils import timezone

from chenyue.mediation.dossier.gathering.matter import (
    MEDIATES,
    Matter,
    Row,
    agreement_number,
    clock,
    day,
    names,
    pieces,
)
from chenyue.mediation.lifecycle import Acts, EvidenceKind, PartyKind
from chenyue.mediation.models import Attendance, Evidence, Meeting, MinutesText, Party, Representative

BY_POWER = (Acts.AGENT, Acts.ELECTED)  # the others act by law, and prove it with the party's identity
SIGNS = {"relapse": "纠纷反复", "escalation": "矛盾激化", "danger": "安全隐患", "wrong": "调解不当（错调）"}
WEEK = "一二三四五六日"


def identity(matter: Matter) -> Row:
    """当事人身份证明."""
    return matter.common | {
        "papers": [_paper(matter, party) for party in matter.parties],
        "checked": f"核对人：{matter.mediators}" if matter.mediators else "",
        "signers": [{"who": "核对人（签名）", "words": ""}],
    }


def _paper(matter: Matter, party: Party) -> Row:
    scans = [row for row in matter.evidence if row.kind == EvidenceKind.IDENTITY and row.party_id == party.pk]
    by_law = [one for one in matter.representatives if one.acts not in BY_POWER and party in one.parties.all()]
    unit = party.kind == PartyKind.UNIT
    heads = [f"法定代表人或负责人：{party.head}"] if unit and party.head else []
    heads += [f"{one.get_acts_display()}：{one.name}{f'（{one.relation}）' if one.relation else ''}" for one in by_law]
    capacity = "" if unit or party.capacity == "full" else f"（{party.get_capacity_display()}）"
    gone = (
        f"（{day(party.died_on)}死亡）" if party.died_on else f"（{day(party.left_at)}退出）" if party.left_at else ""
    )
    return {
        "who": f"{party.name}{capacity}{gone}",
        "kind": names(row.title for row in scans) or ("统一社会信用代码证照" if unit else "居民身份证"),
        "number": party.id_number or "未提供",
        "head": "\n".join(heads) or "—",
        "scan": f"{pieces(scans)}，{sum(row.pages for row in scans)}页" if scans else "未附复印件",
    }


def authority(matter: Matter, one: Representative) -> Row:
    """授权委托书 of one agent, or the paper by which several elect who speaks for them."""
    elected = one.acts == Acts.ELECTED
    principals = list(one.parties.all())
    who = "推选人" if elected else "委托人"
    return matter.common | {
        "heading": "代表人推选书" if elected else "授权委托书",
        "principals": names(party.name for party in principals),
        "agent": one.name,
        "relation": one.relation or ("同为当事人" if elected else "—"),
        "agent_id": one.id_number,
        "agent_phone": one.phone,
        "acts": str(one.get_acts_display()),
        "scope": one.scope or "代为参加调解、陈述意见、收发材料。",
        "settle": "特别授权：可以代为承认、放弃、变更请求，达成和签署调解协议。"
        if one.may_settle
        else "一般代理：不得代为承认、放弃、变更请求，不得代为签署调解协议。",
        "term": f"{day(one.since)}至{day(one.until) or '调解终结'}"
        + (f"（{day(one.ended_at)}终止）" if one.ended_at else ""),
        "signers": [
            *({"who": f"{who}{party.name}（签名、盖章或按指印）", "words": ""} for party in principals),
            {"who": "受托人（签名）", "words": ""},
        ],
        "on": day(one.since),
    }


def newest(meeting: Meeting) -> MinutesText | None:
    """The version of the minutes that counts."""
    texts = sorted(meeting.texts.all(), key=lambda text: text.number)
    return texts[-1] if texts else None


def _objections(text: MinutesText | None) -> str:
    """That a party calls the minutes wrong. What it said to that, only the mediators read."""
    rows = [] if text is None else [one for one in text.answers.all() if not one.agrees]
    return "；".join(
        f"{one.party.name}{day(one.at)}认为记录有误" for one in sorted(rows, key=lambda one: one.party.order)
    )


def time(meeting: Meeting) -> str:
    """2026年3月20日（星期五）09:00–11:00."""
    start = timezone.localtime(meeting.starts_at)
    until = f"–{clock(meeting.ends_at)}" if meeting.ends_at else ""
    return f"{day(start)}（星期{WEEK[start.weekday()]}）{clock(start)}{until}"


def called(row: Attendance) -> str:
    """How a paper names somebody who was asked to a meeting."""
    if row.party:
        return f"{row.party.get_side_display()}{row.party.name}"
    if row.representative:
        of = names(party.name for party in row.representative.parties.all())
        return f"{of}的{row.representative.get_acts_display()}{row.representative.name}"
    if row.appointment:
        return row.appointment.mediator.name
    if row.invitation:
        unit = row.invitation.unit.name if row.invitation.unit else ""
        return f"邀请：{unit}{row.invitation.name}"
    return str(row.name)


def _people(rows: Iterable[Attendance], *, came: bool) -> str:
    found = [row for row in rows if bool(row.came) is came and row.appointment_id is None]
    late = {row.pk: f"（迟到{row.late_minutes}分钟）" if row.late_minutes and came else "" for row in found}
    why = {row.pk: f"（{row.words}）" if row.words and not came else "" for row in found}
    return "；".join(f"{called(row)}{late[row.pk]}{why[row.pk]}" for row in _ordered(found)) or "无"


def _ordered(rows: Iterable[Attendance]) -> list[Attendance]:
    order = ("party_id", "representative_id", "appointment_id", "invitation_id")
    rank = {row.pk: next((n for n, f in enumerate(order) if getattr(row, f) is not None), 9) for row in rows}
    return sorted(rows, key=lambda row: (rank[row.pk], row.pk))


def _mediators(matter: Matter, meeting: Meeting) -> str:
    came = [a.appointment for a in meeting.attendances.all() if a.came and a.appointment]
    return names(one.mediator.name for one in came if one.role in MEDIATES) or matter.mediators


def _recorder(matter: Matter, meeting: Meeting) -> str:
    return meeting.recorder or names(a.mediator.name for a in matter.appointments if a.role not in MEDIATES)


def _signed(meeting: Meeting) -> list[Row]:
    """A line for each who came; who signed the final minutes has their day on it."""
    rows = _ordered([row for row in meeting.attendances.all() if row.came])
    return [
        {
            "who": f"{called(row)}（签名）" if row.appointment is None else f"人民调解员{called(row)}（签名）",
            "words": f"{day(row.signed_at)}签名" if row.signed_at else "",
        }
        for row in rows
    ]


def inquiry(matter: Matter, meeting: Meeting) -> Row:
    """调查记录, also of a look at the place."""
    text = newest(meeting)
    found = [text.words if text else "", f"结果：{meeting.result}" if meeting.result else ""]
    return matter.common | {
        "time": time(meeting),
        "place": meeting.room,
        "present": _people(meeting.attendances.all(), came=True),
        "asked": meeting.asked,
        "kind": str(meeting.get_kind_display()),
        "asking": _mediators(matter, meeting),
        "recorder": _recorder(matter, meeting),
        "words": "\n".join(part for part in found if part),
        "signers": [{"who": "被调查人（签名或按指印）", "words": ""}, *_signed(meeting), _recording()],
        "objections": _objections(text),
    }


def _recording() -> Row:
    return {"who": "记录人（签名）", "words": ""}


def minutes(matter: Matter, meeting: Meeting, number: int) -> Row:
    """调解记录 of one meeting; `number` counts those at which was mediated."""
    text = newest(meeting)
    broken = f"本次调解中断：{meeting.broken_off_why}" if meeting.broken_off_why else ""
    agreed = {True: "达成协议", False: "未达成协议", None: "尚未达成协议，继续调解"}[meeting.agreed]
    return matter.common | {
        "no": str(number),
        "time": time(meeting),
        "openness": "公开" if meeting.is_open else "不公开",
        "place": meeting.room,
        "mediators": _mediators(matter, meeting),
        "recorder": _recorder(matter, meeting),
        "present": _people(meeting.attendances.all(), came=True),
        "absent": _people(meeting.attendances.all(), came=False),
        "words": text.words if text else "",
        "result": "\n".join(part for part in (meeting.result, broken) if part),
        "agreed": "调解中断" if broken else agreed,
        "objections": _objections(text),
        "signers": [*_signed(meeting), _recording()],
    }


def evidence(matter: Matter) -> Row:
    """证据材料: the list, with what proves that the files are unchanged."""
    return matter.common | {
        "rows": [_piece(row) for row in matter.evidence],
        "files": [
            {"no": f"证据{row.number}", "sum": f"{row.sha256[:32]} {row.sha256[32:]}"}
            for row in matter.evidence
            if row.sha256
        ],
    }


def _piece(row: Evidence) -> Row:
    by = f"{row.party.name}提交" if row.party else "调解员收集"
    original = row.original and f"原件：{row.original}"
    if row.original_lost_at:
        original = f"原件{day(row.original_lost_at)}遗失：{row.original_lost_why}"
    elif row.original_returned_at:
        original = f"原件{day(row.original_returned_at)}退还"
    return {
        "no": f"证据{row.number}",
        "name": row.title,
        "kind": str(row.get_kind_display()),
        "source": f"{row.source}（{by}）" if row.source else by,
        "pages": str(row.pages),
        "original": original or ("复印件" if row.path else "纸质材料"),
    }


def visits(matter: Matter) -> Row:
    """回访记录."""
    made = [one for one in matter.visits if one.made_at]
    return matter.common | {
        "visits": [
            {
                "who": one.party.name,
                "agreement": agreement_number(one.agreement, matter.mediation) if one.agreement else "—",
                "why": str(one.get_kind_display()),
                "time": f"{day(one.made_at)} {clock(one.made_at)}",
                "performed": {True: "已按约履行", False: "未按约履行", None: "未说明"}[one.performed],
                "grade": str(one.get_grade_display()) if one.grade else "未表示",
                "signs": names(SIGNS.get(sign, sign) for sign in one.signs) or "无",
                "words": one.words,
                "measures": one.measures,
                "by": "当事人自行填写" if one.by_party else one.made_by.name if one.made_by else "",
            }
            for one in made
        ],
        "on": day(made[-1].made_at) if made else "",
    }


def notice(matter: Matter, meeting: Meeting, to: str, contact: str) -> Row:
    """调解通知书 to one who is asked to a meeting."""
    headings = {"inquiry": "调查通知书", "survey": "现场查看通知书"}
    return matter.common | {
        "heading": headings.get(meeting.kind, "调解通知书"),
        "to": to,
        "time": time(meeting),
        "place": meeting.room,
        "agenda": meeting.agenda or str(meeting.get_kind_display()),
        "mediators": matter.mediators,
        "openness": "公开" if meeting.is_open else "不公开",
        "bring": "身份证件、与纠纷有关的材料",
        "contact": contact,
        "on": day(matter.at),
    }
