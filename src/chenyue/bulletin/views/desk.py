"""Staff's pages of the bulletin: what is in work, writing, checking, releasing, correcting, taking back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.bulletin import marks, pictures, pieces, queries
from chenyue.bulletin.forms import CorrectionForm, HitsForm, PictureForm, PieceForm, ReleaseForm, WordsForm, initial_of
from chenyue.bulletin.lifecycle import Column, PieceState
from chenyue.bulletin.models import Piece, PiecePicture
from chenyue.bulletin.pieces import RELEASE, WRITE
from chenyue.cases.queries import case_for
from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may
from chenyue.timeline.queries import entries, visible_for

SAYS = {"give-back": pieces.give_back, "retract": pieces.retract, "refuse": pieces.refuse}


def _found(request: HttpRequest, number: str) -> Piece:
    return queries.for_member(member_of(request), number)


@staff_only(WRITE)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What is in work, by state."""
    state = request.GET.get("state", "")
    found, counts = queries.desk(member_of(request), state, request.GET.get("cursor", ""))
    states = [(one.value, one.label, counts.get(one.value, 0)) for one in PieceState]
    views = queries.views_of(found.rows)
    for row in found.rows:
        row.opened = views.get(row.pk, 0)
    context = {"page": found, "state": state, "states": states}
    return page(request, "bulletin/desk/list.html", context)


@staff_only(WRITE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new piece; `?case=` for one that tells of an answered case."""
    member, number = member_of(request), request.GET.get("case", "")[:20]
    case = case_for(member, number) if number else None
    column = Column.RESULT if case else Column.NOTICE
    form = PieceForm(posted(request), initial={"column": column, "correspondent": member.name})
    if form.is_valid():
        at = now()

        def act() -> dict[str, Any]:
            return {"number": pieces.begin(written=form.written(), by=member.actor(), at=at, case=case).number}

        if made := done(request, "bulletin.new", form, act):
            return see_other("bulletin:piece", made["number"])
    return page(request, "bulletin/desk/edit.html", {"case": case}, form=form)


@staff_only(WRITE)
@require_GET
def piece(request: HttpRequest, number: str) -> HttpResponse:
    """A piece as readers will see it, what the check found, its pictures, what can be done now."""
    row, member = _found(request, number), member_of(request)
    context = {"piece": row, "html": marks.html(row.text), "pictures": pictures.shown(row)}
    context |= {"hits": row.checks, "standing": pieces.standing_hits(row), "form": HitsForm(piece=row)}
    context |= {"releases": may(member, RELEASE), "own": member.pk in (row.made_by_id, row.sender_member_id)}
    context["history"] = entries(row.subject, visible_for("office"))
    return page(request, "bulletin/desk/piece.html", context)


@staff_only(WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change a draft, or take up what was handed in; what is published is corrected, with words for readers."""
    row = _found(request, number)
    published = row.state == PieceState.PUBLISHED
    if published and not may(member_of(request), RELEASE):
        raise NotAllowed
    kind = CorrectionForm if published else PieceForm
    form = kind(posted(request), initial=initial_of(row))
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data
        more: dict[str, Any] = {"written": form.written(), "by": by, "at": at, "version": typed["version"]}

        def act() -> dict[str, Any]:
            if published:
                pieces.correct(piece=row, words=typed["words"], **more)
            else:
                pieces.save(piece=row, **more)
            return {"number": row.number}

        if done(request, "bulletin.edit", form, act):
            return see_other("bulletin:piece", number)
    return page(request, "bulletin/desk/edit.html", {"piece": row, "case": row.case}, form=form)


@staff_only(WRITE)
@require_POST
def checks(request: HttpRequest, number: str) -> HttpResponse:
    """Answers to what the check found."""
    row = _found(request, number)
    form = HitsForm(request.POST, piece=row)
    if form.is_valid():
        by, at, given = member_of(request).actor(), now(), form.answers()
        acted(request, "bulletin.checks", lambda: pieces.answer_hits(piece=row, answers=given, by=by, at=at))
    return see_other("bulletin:piece", number)


@staff_only(WRITE)
@require_POST
def do(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Buttons without fields."""
    row, by, at = _found(request, number), member_of(request).actor(), now()
    acts: dict[str, Any] = {
        "offer": lambda: pieces.offer(piece=row, by=by, at=at),
        "feature": lambda: pieces.feature(piece=row, on=True, by=by, at=at),
        "unfeature": lambda: pieces.feature(piece=row, on=False, by=by, at=at),
        "reopen": lambda: pieces.reopen(piece=row, by=by, at=at),
    }
    if what not in acts:
        raise NotFound
    acted(request, f"bulletin.{what}", acts[what], _("Done."))
    return see_other("bulletin:piece", number)


@staff_only(RELEASE)
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Give back, take back, or don't take: each with words."""
    row, form = _found(request, number), WordsForm(posted(request))
    if what not in SAYS:
        raise NotFound
    if form.is_valid():
        by, at, words = member_of(request).actor(), now(), form.cleaned_data["words"]

        def act() -> dict[str, Any]:
            return {"number": SAYS[what](piece=row, words=words, by=by, at=at).number}

        if done(request, f"bulletin.{what}", form, act):
            return see_other("bulletin:piece", number)
    return page(request, "bulletin/desk/say.html", {"piece": row, "what": what}, form=form)


@staff_only(RELEASE)
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, number: str) -> HttpResponse:
    """A second person lets it appear, now or later."""
    row = _found(request, number)
    form = ReleaseForm(posted(request), initial={"version": row.version})
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            return {"number": pieces.release(piece=row, by=by, at=at, **typed).number}

        if done(request, "bulletin.release", form, act):
            return see_other("bulletin:piece", number)
    context = {"piece": row, "html": marks.html(row.text), "pictures": pictures.shown(row)}
    return page(request, "bulletin/desk/release.html", context, form=form)


@staff_only(WRITE)
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest, number: str) -> HttpResponse:
    """Pictures of a piece, and a form for more."""
    row = _found(request, number)
    form = PictureForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), dict(form.cleaned_data)
        uploads = typed.pop("attachments")

        def act() -> dict[str, Any]:
            return {"count": len(pictures.add(piece=row, uploads=uploads, by=by, at=at, **typed))}

        if done(request, "bulletin.photos", form, act):
            return see_other("bulletin:photos", number)
    return page(request, "bulletin/desk/photos.html", {"piece": row, "pictures": pictures.shown(row)}, form=form)


@staff_only(WRITE)
@require_POST
def photo(request: HttpRequest, number: str, pk: int, what: str) -> HttpResponse:
    """Take a picture away, or put it first."""
    acts = {"remove": pictures.remove, "first": pictures.put_first}
    if what not in acts:
        raise NotFound
    rows = PiecePicture.objects.filter(piece=_found(request, number)).select_related("piece")
    row, by, at = get_object_or_404(rows, pk=pk), member_of(request).actor(), now()
    acted(request, f"bulletin.photo-{what}", lambda: acts[what](picture=row, by=by, at=at))
    return see_other("bulletin:photos", number)
