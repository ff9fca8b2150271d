"""Agreements, their performance, their confirmation by a court."""

from chenyue.mediation import capitals
from chenyue.mediation.dossier.gathering.matter import (
    Matter,
    Row,
    agreement_number,
    day,
    money,
    names,
    party_row,
    pieces,
)
from chenyue.mediation.lifecycle import (
    AgreementState,
    ConfirmationState,
    EvidenceKind,
    Form,
    ObligationState,
    Signer,
)
from chenyue.mediation.models import Agreement, Instalment, JudicialConfirmation, Obligation, Receipt, Signature

COUNTS = "一二三四五六七八九十"
WHO = {
    Signer.MEDIATOR: "人民调解员（签名）",
    Signer.RECORDER: "记录人（签名）",
    Signer.COMMITTEE: "人民调解委员会（盖章）",
}


def agreement(matter: Matter, one: Agreement) -> Row:
    """调解协议书 or 口头协议登记表: the same matter, other ends."""
    return (
        matter.common
        | {
            "agreement_number": agreement_number(one, matter.mediation),
            "parties": [party_row(party, matter) for party in matter.current],
            "facts": one.facts or matter.mediation.facts,
            "dispute": one.dispute,
            "responsibilities": one.duties,
            "clauses": "\n".join(f"{_count(n)}、{clause.words}" for n, clause in enumerate(one.clauses.all(), 1)),
            "obligations": [_owed(n, row) for n, row in enumerate(one.obligations.all(), 1)],
            "total": _sum(one.total, one.total_words),
            "breach": one.breach,
            "recorder": _recorder(matter, one),
            "signers": _signers(matter, one),
        }
        | (_oral(one) if one.form == Form.ORAL else _written(one))
    )


def certified(matter: Matter, one: Agreement) -> Row:
    """核对副本 of an agreement whose original is lost: its words, and by what they were compared."""
    lost = f"本协议原件于{day(one.original_lost_at)}登记遗失：{one.original_lost_why}。"
    kept = f"本委员会留存的签署文本（SHA-256 {one.text_sha256}）"
    if one.scan and one.scan.path:
        kept += f"和原件扫描件（证据{one.scan.number}，SHA-256 {one.scan.sha256}）"
    return agreement(matter, one) | {
        "lost": lost,
        "basis": f"核对依据：{kept}。",
        "standing": _standing(one, lost=False),
        "effect_on": day(one.effect_on),
        "on": day(matter.at),
    }


def _count(n: int) -> str:
    return COUNTS[n - 1] if n <= len(COUNTS) else str(n)


def _oral(one: Agreement) -> Row:
    return {"why_oral": one.why_oral, "reached_on": day(one.reached_on)}


def _written(one: Agreement) -> Row:
    return {
        "standing": _standing(one),
        "copies": str(one.copies),
        "effect_on": day(one.effect_on),
        "seal_on": day(one.seal_on),
    }


def _standing(one: Agreement, *, lost: bool = True) -> str:
    """What must be known before it is read: that it settles a part, was replaced, is void, or its original is lost."""
    found = ["本协议就部分争议达成。"] if one.partial else []
    if one.replaces:
        found.append(f"本协议变更并代替第{one.replaces.number}号协议。")
    if one.state == AgreementState.REPLACED:
        found.append("本协议已由新的协议代替。")
    if one.state == AgreementState.VOID:
        found.append(f"本协议已失效：{one.void_why}")
    if lost and one.original_lost_at:
        found.append(f"原件{day(one.original_lost_at)}遗失（{one.original_lost_why}），本件为核对无误的副本。")
    return "\n".join(found)


def _sum(amount: object, words: str) -> str:
    return "" if amount is None else f"{money(amount)}（大写：{words or capitals.in_words(amount)}）"  # type: ignore[arg-type]


def _owed(number: int, row: Obligation) -> Row:
    parts = sorted(row.instalments.all(), key=lambda part: part.number)
    several = len(parts) > 1
    due = "；".join(f"{day(part.due_on)}{money(part.amount)}" for part in parts) if several else day(row.due_on)
    to = f"向{row.creditor.name}" if row.creditor else ""
    amount = money(row.amount)
    return {
        "no": str(number),
        "who": f"{row.debtor.name if row.debtor else ''}{to}",
        "what": row.what,
        "amount": f"{amount}（{row.amount_words or capitals.in_words(row.amount)}）" if row.amount is not None else "—",
        "due": due,
        "manner": row.manner,
        "breach": row.breach,
    }


def _recorder(matter: Matter, one: Agreement) -> str:
    marks = [mark for mark in _marks(one) if mark.signer == Signer.RECORDER]
    return names(mark.name for mark in marks) or (one.meeting.recorder if one.meeting else "")


def _marks(one: Agreement) -> list[Signature]:
    rows = [mark for mark in one.signatures.all() if mark.removed_at is None]
    return sorted(rows, key=lambda mark: (mark.on, mark.pk))


def _signers(matter: Matter, one: Agreement) -> list[Row]:
    """A line for each who has to sign: with what is recorded, or empty for the hand."""
    marks, rows = _marks(one), []
    for party in matter.current:
        own = [m for m in marks if m.party_id == party.pk and m.signer in (Signer.PARTY, Signer.REPRESENTATIVE)]
        rows.append({"who": f"{party.get_side_display()}（签名、盖章或按指印）", "words": "；".join(map(_mark, own))})
    for kind, who in WHO.items():
        own = [m for m in marks if m.signer == kind]
        if own or kind == Signer.MEDIATOR:
            rows.append({"who": who, "words": "；".join(map(_mark, own))})
    return rows


def _mark(mark: Signature) -> str:
    name = mark.name
    if not name and mark.representative:
        name = mark.representative.name
    elif not name and mark.appointment:
        name = mark.appointment.mediator.name
    elif not name and mark.party:
        name = mark.party.name
    acts = f"（{mark.representative.get_acts_display()}）" if mark.representative else ""
    return f"{name}{acts}　{day(mark.on)}{mark.get_mark_display()}"


def performance(matter: Matter) -> Row:
    """履行凭证: each part, what came of it, and where its proof is."""
    rows = []
    for one in matter.agreements:
        for n, owed in enumerate(one.obligations.all(), 1):
            parts = sorted(owed.instalments.all(), key=lambda part: part.number)
            rows += [_part(one, n, owed, part, several=len(parts) > 1) for part in parts]
    done = sum(1 for row in rows if row.pop("done"))
    return matter.common | {"rows": rows, "summary": f"共{len(rows)}项（期），已履行{done}项（期）。"}


def _part(one: Agreement, n: int, owed: Obligation, part: Instalment, *, several: bool) -> Row:
    receipts = [row for row in part.receipts.all() if row.removed_at is None]
    receipts.sort(key=lambda row: (row.on, row.pk))
    which = f"协议{one.number}第{n}项" + (f"第{part.number}期" if several else "")
    paid = "；".join(f"{day(row.on)}　{money(row.amount)}".strip("　") for row in receipts)
    return {
        "no": which,
        "debtor": owed.debtor.name if owed.debtor else "",
        "due": "　".join(w for w in (day(part.due_on), money(part.amount) or owed.what) if w),
        "paid": paid or (f"{day(part.done_on)}" if part.done_on else str(part.get_state_display())),
        "proof": "；".join(_proof(row) for row in receipts) or "—",
        "confirmed": names(_confirmed(row) for row in receipts) or str(part.get_state_display()),
        "done": part.state in (ObligationState.DONE, ObligationState.EXCUSED),
    }


def _proof(row: Receipt) -> str:
    words = f"证据{row.evidence.number}" if row.evidence else ""
    return "，".join(part for part in (row.words, words) if part) or "无凭证"


def _confirmed(row: Receipt) -> str:
    if row.disputed_at:
        return "权利人有异议"
    return f"权利人{day(row.confirmed_at)}确认" if row.confirmed_at else "未确认"


def confirmation(matter: Matter, one: Agreement, held: JudicialConfirmation) -> Row:
    """司法确认申请书: both sides apply together, persons and legal persons alike."""
    return matter.common | {
        "parties": [party_row(party, matter, role="申请人") for party in matter.current],
        "effect_on": day(one.effect_on),
        "agreement_number": agreement_number(one, matter.mediation),
        "clauses": "\n".join(f"{_count(n)}、{clause.words}" for n, clause in enumerate(one.clauses.all(), 1)),
        "facts": one.facts or matter.mediation.facts,
        "last_day": day(held.last_day),
        "addresses": [
            {"who": p.name, "id_number": p.id_number, "address": p.address, "contact": p.phone} for p in matter.current
        ],
        "court": held.court or "有管辖权的人民法院",
        "signers": [{"who": "申请人（签名、盖章或按指印）", "words": ""} for _party in matter.current],
        "on": day(held.applied_on),
    }


def confirming(matter: Matter, one: Agreement, held: JudicialConfirmation) -> Row:
    """司法确认材料: what the court wants (规定 3) and what came of it."""
    kinds = {kind: [row for row in matter.evidence if row.kind == kind] for kind in EvidenceKind.values}
    proofs = [rep.proof for rep in matter.representatives if rep.proof]
    property_ = kinds[EvidenceKind.DOCUMENT] + kinds[EvidenceKind.ARCHIVE]
    papers = [
        ("司法确认申请书", held.applied_on is not None, "双方当事人共同签名或者盖章"),
        ("调解协议书", one.form == Form.WRITTEN, pieces([one.scan]) if one.scan else "原件附后"),
        ("身份证明、资格证明", bool(kinds[EvidenceKind.IDENTITY]), pieces(kinds[EvidenceKind.IDENTITY])),
        ("与协议有关的财产权利证明", bool(property_), pieces(property_)),
        ("双方送达地址、电话", all(p.address and p.phone for p in matter.current), "见申请书"),
        ("授权委托书", bool(proofs), pieces(proofs) or "没有委托代理人的不需要"),
        ("法院文书", held.ruling is not None, pieces([held.ruling]) if held.ruling else ""),
    ]
    return matter.common | {
        "court": held.court,
        "applied_on": day(held.applied_on),
        "ruling_number": held.number,
        "ruled_on": day(held.ruled_on),
        "state": str(held.get_state_display()),
        "last_day": day(held.last_day) + ("（暂定）" if held.provisional else ""),
        "words": held.words,
        "papers": [
            {"no": str(n), "name": name, "have": "有" if have else "无", "words": words}
            for n, (name, have, words) in enumerate(papers, 1)
        ],
    }


def applied(held: JudicialConfirmation) -> bool:
    """Whether the court was asked."""
    return held.state in (ConfirmationState.APPLIED, ConfirmationState.CONFIRMED, ConfirmationState.REFUSED)


def unperformed(matter: Matter, one: Agreement, to: str) -> Row:
    """协议未履行权利告知书 to one who is still owed something."""
    late = (ObligationState.OVERDUE, ObligationState.BROKEN)
    rows = []
    for n, owed in enumerate(one.obligations.all(), 1):
        for part in sorted(owed.instalments.all(), key=lambda part: part.number):
            if part.state in late:
                found = _part(one, n, owed, part, several=True)
                rows.append({name: found[name] for name in ("debtor", "due", "paid")})
    steps = [part.reminded_at for owed in one.obligations.all() for part in owed.instalments.all() if part.reminded_at]
    return matter.common | {
        "agreement_number": agreement_number(one, matter.mediation),
        "to": to,
        "effect_on": day(one.effect_on),
        "rows": rows,
        "steps": "、".join(f"{day(step)}提醒义务人履行" for step in sorted(steps)) or "—",
        "rights": "1. 请求本委员会继续督促，或者再次调解、变更协议。\n2. 就协议的履行向人民法院提起诉讼。\n"
        "3. 协议已经司法确认的，向人民法院申请强制执行。",
        "on": day(matter.at),
    }
