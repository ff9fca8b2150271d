"""The people of a mediation: parties, who speaks for them, what they say, who mediates, who is invited."""

from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.mediation import contacts, glance, law, people, seeing
from chenyue.mediation.forms_core import (
    QUESTIONS,
    DiedForm,
    LeaveForm,
    PartyForm,
    ReasonForm,
    SayForm,
    SpeakerForm,
    WordsForm,
    initial_party,
)
from chenyue.mediation.http import acted, find, member_of, now, page, posted
from chenyue.mediation.lifecycle import Question
from chenyue.mediation.models import Consent, Party, Representative
from chenyue.mediation.views.shared import Look, handled, run
from chenyue.people.http import staff_only

M = TypeVar("M", bound=Model)
PEOPLE = "mediation:people"


def of(model: type[M], mediation: Any, pk: int) -> M:
    """A row of this mediation. Raises NotFound."""
    found: M | None = model._default_manager.filter(mediation=mediation, pk=pk).first()
    if found is None:
        raise NotFound
    return found


@staff_only()
@require_GET
def everybody(request: HttpRequest, number: str) -> HttpResponse:
    """Parties with their answers, mediators with their ties, who is invited."""
    row, member, at = find(request, number), member_of(request), now()
    found = glance.persons(row, member, at)
    asked = [(question.value, question.label) for question in QUESTIONS]
    context = {
        "mediation": row, "here": "people", "people": found, "left": glance.left(row),
        "appointments": glance.appointments(row, found), "invitations": glance.invitations(row, found),
        "handles": seeing.handles(member, row), "manages": seeing.may(member, row, "manage"),
        "questions": asked[:2], "more": asked[2:], "member": member,
    }  # fmt: skip
    return page(request, "mediation/people.html", context)


@staff_only()
@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, number: str, pk: int | None = None) -> HttpResponse:
    """A new party, or what is known of one. Who changes one has said why they see its numbers."""
    row, member, at = handled(request, number), member_of(request), now()
    held = of(Party, row, pk) if pk else None
    if held is not None and request.method == "GET" and f"party:{held.pk}" not in contacts.looked_at(member, row, at):
        return see_other("mediation:look", number, "party", held.pk)
    form = PartyForm(posted(request), initial=initial_party(held) if held else {"side": request.GET.get("side", "")})
    heading = gettext_lazy("Party") if held else gettext_lazy("New party")

    def act() -> None:
        people.save_party(mediation=row, party=held, data=form.data_of(), by=member.actor(), at=at)

    return run(request, row, form, "party", act, Look(heading, here="people", back=PEOPLE), places=True)


@staff_only()
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, number: str, kind: str, pk: int) -> HttpResponse:
    """Ask to see somebody's numbers, with a reason that is written down."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    who: Any = of({"party": Party, "representative": Representative}.get(kind, Party), row, pk)
    form = ReasonForm(posted(request))
    said = gettext_lazy("Each look is written down with your name and reason. It holds for a few minutes.")
    look_ = Look(gettext_lazy("See contact data"), gettext_lazy("Show"), "eye", "people", PEOPLE, explain=said)

    def act() -> None:
        contacts.look(person=who, reason=form.cleaned_data["reason"], by=by, at=at)

    return run(request, row, form, "look", act, look_)


@staff_only()
@require_http_methods(["GET", "POST"])
def died(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A party has died."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    held, form = of(Party, row, pk), DiedForm(posted(request))
    said = gettext_lazy("The mediation rests for this party until an heir is entered as its representative.")
    look_ = Look(gettext_lazy("A party has died"), here="people", back=PEOPLE, explain=said)

    def act() -> None:
        people.party_died(party=held, on=form.cleaned_data["on"], by=by, at=at)

    return run(request, row, form, "died", act, look_)


@staff_only()
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A party is no part of it any more."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    held, form = of(Party, row, pk), LeaveForm(posted(request))
    said = gettext_lazy("What it said and signed stays on record.")
    look_ = Look(gettext_lazy("A party leaves"), gettext_lazy("Let it leave"), "logout", "people", PEOPLE, said, True)

    def act() -> None:
        people.party_leaves(party=held, why=form.cleaned_data["why"], by=by, at=at)

    return run(request, row, form, "leave", act, look_)


@staff_only()
@require_http_methods(["GET", "POST"])
def speaker(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody acts for a party, or for several."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    chosen = [int(pk) for pk in request.GET.getlist("party") if pk.isascii() and pk.isdigit() and len(pk) < 10]
    start = {"parties": chosen, "acts": request.GET.get("acts", ""), "since": timezone.localdate()}
    form = SpeakerForm(posted(request), parties=people.current_parties(row), initial=start)
    look_ = Look(gettext_lazy("Who acts for a party"), here="people", back=PEOPLE)

    def act() -> None:
        people.add_representative(mediation=row, parties=form.chosen(), speaker=form.speaker(), by=by, at=at)

    return run(request, row, form, "speaker", act, look_)


@staff_only()
@require_POST
def speaker_end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """They act no more."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    one = of(Representative, row, pk)
    said = _("They act no more.")
    acted(request, "mediation.speaker_end", lambda: people.end_representative(representative=one, by=by, at=at), said)
    return see_other(PEOPLE, number)


@staff_only()
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, number: str, pk: int, question: str, matter: str = "") -> HttpResponse:
    """Take down what a party says to a question."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    held, form = of(Party, row, pk), SayForm(posted(request))
    if question not in Question.values:
        raise NotFound
    heading = _("%(name)s: %(question)s") % {"name": held.name, "question": Question(question).label}
    look_ = Look(heading, gettext_lazy("Write it down"), here="people", back=PEOPLE)

    def act() -> None:
        given = form.cleaned_data
        people.say(
            party=held, question=question, matter=matter, given=given["given"] == "yes", how=given["how"],
            words=given["words"], by=by, at=at,
        )  # fmt: skip

    notice = law.notice() if question in (Question.RIGHTS, Question.MEDIATION) else None
    return run(request, row, form, "say", act, look_, notice=notice)


@staff_only()
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A party takes its consent back."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    consent = of(Consent, row, pk)
    form = WordsForm(posted(request), label=gettext_lazy("In the party's own words"))
    heading = _("Takes back: %(question)s") % {"question": Question(consent.question).label}
    look_ = Look(heading, gettext_lazy("Write it down"), "arrow-back-up", "people", PEOPLE, late=True)

    def act() -> None:
        people.withdraw(consent, words=form.cleaned_data["words"], by=by, at=at)

    return run(request, row, form, "withdraw", act, look_)


@staff_only()
@require_GET
def rights(request: HttpRequest, number: str) -> HttpResponse:
    """权利义务告知书, to be read out, or printed and signed."""
    row, member = find(request, number), member_of(request)
    context = {"mediation": row, "notice": law.notice(), "people": glance.persons(row, member, now())}
    return page(request, "mediation/rights.html", context)
