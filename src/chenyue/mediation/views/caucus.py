"""Behind closed doors: pages for the mediators of a mediation, kept nowhere and counted nowhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import http
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.forms import refused
from chenyue.core.http import see_other
from chenyue.mediation import caucus, sealing
from chenyue.mediation.forms_talks import AloudForm, FigureForm, NoteForm
from chenyue.mediation.http import find, member_of, now, page, personal, posted, sent
from chenyue.mediation.models import Party
from chenyue.people.http import staff_only

View = Callable[..., HttpResponse]
ORDINARY = "mediation:one"  # what these requests count as: their own number would tell that there are caucuses


def sealed(view: View) -> View:
    """A page that nobody keeps: no cache, no history, no line of its own in logs and figures."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.counted_as = ORDINARY  # type: ignore[attr-defined]
        return personal(view(request, *args, **kwargs))

    return staff_only()(inside)


def _done(request: HttpRequest, party: Party, form: forms.Form, act: Callable[[], Any]) -> bool:
    """As `core.acting.done`; of what was sent only a print under the party's key is kept."""

    def run() -> dict[str, Any]:
        act()
        return {}

    try:
        http.once(request, "mediation.act", run, sealing.fingerprint(party, sent(request)))
    except NotAllowed:
        raise
    except Refusal as refusal:
        refused(form, refusal)
        form.conflict = isinstance(refusal, Conflict)  # type: ignore[attr-defined]
        return False
    return True


@sealed
@require_GET
def doors(request: HttpRequest, number: str) -> HttpResponse:
    """One door for each party. Nothing here tells what is behind them."""
    mediation = find(request, number, "seal")
    context = {"mediation": mediation, "here": "caucus", "parties": caucus.parties_of(mediation)}
    return page(request, "mediation/caucus.html", context)


def _room(request: HttpRequest, number: str, order: int) -> Party:
    mediation = find(request, number, "seal")
    party = caucus.party_at(mediation, order)
    party.mediation = mediation
    return party


def _shown(request: HttpRequest, party: Party, **form: forms.Form) -> HttpResponse:
    by = member_of(request).actor()
    rungs = caucus.rungs(party.mediation, by=by)
    own = [(rung.topic, [f for f in rung.figures if f.party_id == party.pk]) for rung in rungs]
    context: dict[str, Any] = {
        "mediation": party.mediation, "party": party, "here": "caucus",
        "notes": caucus.read(party, by=by, at=now()),
        "figures": [(topic, figures) for topic, figures in own if figures],
        "topics": [rung.topic for rung in rungs],
        "log": caucus.log(party, by=by)[:20],
        "note_form": NoteForm(), "figure_form": FigureForm(initial={"asks": "asks"}),
    }  # fmt: skip
    wrong = next(iter(form.values()), None)
    return page(request, "mediation/caucus_party.html", context | form, form=wrong)


@sealed
@require_http_methods(["GET", "POST"])
def room(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """What one party said in confidence; and a form for a note."""
    party = _room(request, number, order)
    form = NoteForm(posted(request))
    if form.is_valid():
        by, at, words = member_of(request).actor(), now(), form.cleaned_data["words"]
        if _done(request, party, form, lambda: caucus.note(party=party, words=words, by=by, at=at)):
            return see_other("mediation:caucus-party", number, order)
    return _shown(request, party, note_form=form) if form.is_bound else _shown(request, party)


@sealed
@require_POST
def figure(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """A figure that the party named."""
    party = _room(request, number, order)
    form = FigureForm(request.POST)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), dict(form.cleaned_data)
        typed["asks"] = typed["asks"] == "asks"
        if _done(request, party, form, lambda: caucus.name_figure(party=party, by=by, at=at, **typed)):
            return see_other("mediation:caucus-party", number, order)
    return _shown(request, party, figure_form=form)


@sealed
@require_POST
def destroy(request: HttpRequest, number: str, order: int, pk: int) -> HttpResponse:
    """A note that shouldn't have been kept."""
    party, by, at = _room(request, number, order), member_of(request).actor(), now()
    form = forms.Form({})
    if _done(request, party, form, lambda: caucus.take_back(party=party, note=pk, by=by, at=at)):
        return see_other("mediation:caucus-party", number, order)
    return _shown(request, party, refused_form=form)


@sealed
@require_POST
def withdraw(request: HttpRequest, number: str, order: int, pk: int) -> HttpResponse:
    """The party takes a figure back."""
    party, by, at = _room(request, number, order), member_of(request).actor(), now()
    form = forms.Form({})
    if _done(request, party, form, lambda: caucus.withdraw_figure(party=party, figure=pk, by=by, at=at)):
        return see_other("mediation:caucus-party", number, order)
    return _shown(request, party, refused_form=form)


@sealed
@require_http_methods(["GET", "POST"])
def ladder(request: HttpRequest, number: str) -> HttpResponse:
    """All figures by topic, and saying aloud whether a gap narrows."""
    mediation = find(request, number, "seal")
    by, at, form = member_of(request).actor(), now(), AloudForm(posted(request))
    parties = caucus.parties_of(mediation)
    if form.is_valid():
        typed = form.cleaned_data
        if parties and _done(
            request, parties[0], form, lambda: caucus.tell(mediation=mediation, by=by, at=at, **typed)
        ):
            return see_other("mediation:meetings", number)
    names = {party.pk: party for party in parties}
    rows = [(rung, [(names[f.party_id], f) for f in rung.figures]) for rung in caucus.rungs(mediation, by=by)]
    context = {"mediation": mediation, "here": "caucus", "rows": rows}
    return page(request, "mediation/ladder.html", context, form=form)
