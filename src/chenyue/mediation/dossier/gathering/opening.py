"""Cover, application, acceptance, refusal at the door, rights and duties."""

from chenyue.mediation import law
from chenyue.mediation.dossier.gathering.matter import (
    Matter,
    Row,
    day,
    names,
    numbered,
    party_row,
    roads,
    to_sign,
)
from chenyue.mediation.lifecycle import Question, Side
from chenyue.mediation.models import Consent, Party


def application(matter: Matter) -> Row:
    """申请书."""
    row = matter.mediation
    applicants = matter.of_side(Side.APPLICANT)
    return matter.common | {
        "applicants": [party_row(party, matter) for party in applicants],
        "respondents": [party_row(party, matter) for party in matter.of_side(Side.RESPONDENT, Side.THIRD)],
        "facts": row.facts,
        "requests": numbered(row.requests),
        "taken_by": (row.made_by.name if row.made_by else "工作人员") if row.oral else "",
        "signers": to_sign(applicants),
        "applied_on": day(row.made_at),
    }


def acceptance(matter: Matter) -> Row:
    """受理登记表."""
    row = matter.mediation
    return matter.common | {
        "registered_on": day(row.registered_on or row.made_at),
        "parties": [party_row(party, matter) for party in matter.current],
        "dispute": f"{row.get_dispute_display()}",
        "source": str(row.get_source_display()),
        "source_body": row.source_body,
        "source_number": row.source_number,
        "facts": row.facts,
        "requests": numbered(row.requests),
        "due_on": day(row.due_on),
        "registered_by": row.made_by.name if row.made_by else "",
        "note": f"由事项{row.case.number}转入。",
        "signers": [*to_sign(matter.current), {"who": "登记人（签名）", "words": ""}],
    }


def not_accepted(matter: Matter) -> Row:
    """不予受理告知书."""
    row = matter.mediation
    ground = law.grounds().get(row.refused_ground)
    words = f"。{row.result_words}" if row.result_words else "。"
    applicants = matter.of_side(Side.APPLICANT)
    return matter.common | {
        "applicants": names(party.name for party in applicants),
        "applied_on": day(row.made_at),
        "reason": (ground.zh if ground else "不属于人民调解的范围") + words,
        "source": ground.source if ground else "人民调解法第十七条",
        "roads": roads(row.refused_ground),
        "on": day(row.ended_at or row.stage_at),
        "signers": [{"who": f"送达回证　{party.name}签收", "words": ""} for party in applicants],
    }


def rights(matter: Matter) -> Row:
    """权利义务告知书, with how each party was told and what it said to being mediated."""
    return matter.common | {
        "answers": [
            {
                "who": party.name,
                "told": said(_answer(matter, party, Question.RIGHTS), "已告知", "未接受告知"),
                "agrees": said(_answer(matter, party, Question.MEDIATION), "同意", "不同意"),
                "words": _words(matter, party),
            }
            for party in matter.parties
        ],
        "signers": to_sign(matter.current),
    }


def _answer(matter: Matter, party: Party, question: str) -> Consent | None:
    found = [one for one in matter.consents if one.party_id == party.pk and one.question == question]
    return found[-1] if found else None


def said(answer: Consent | None, yes: str, no: str) -> str:
    """An answer in words: what, how, when; and whether it was taken back."""
    if answer is None:
        return "未记录"
    words = f"{yes if answer.given else no}　{answer.get_how_display()}　{day(answer.at)}"
    return words + (f"；{day(answer.withdrawn_at)}撤回" if answer.withdrawn_at else "")


def _words(matter: Matter, party: Party) -> str:
    asked = (Question.RIGHTS, Question.MEDIATION)
    return "；".join(o.words for o in matter.consents if o.party_id == party.pk and o.question in asked and o.words)
