"""Readers' pages of the bulletin: the list, a piece, pictures, feeds, handing in. No account, no cookie."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.bulletin import feeds, marks, pictures, pieces, queries
from chenyue.bulletin.forms import HandInForm
from chenyue.bulletin.lifecycle import Column, PieceState
from chenyue.bulletin.models import PiecePicture
from chenyue.bulletin.pieces import Written
from chenyue.core import floods, limits, site
from chenyue.core.acting import done, now, posted
from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.http import personal, see_other, served
from chenyue.people.http import member_of, signed_in
from chenyue.people.residents import register_resident
from chenyue.places.queries import communities

DAILY = limits.Limit("bulletin-hand-in", 5, timedelta(days=1))


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """All pieces, the newest first; by column, community and words; or the archive."""
    asked = _asked(request)
    at = now()
    found = queries.listed(asked, request.GET.get("cursor", ""), timezone.localdate(at))
    first = not request.GET
    top = [piece for piece in queries.newest(timezone.localdate(at), 1) if piece.featured] if first else []
    rows = [piece for piece in found.rows if piece not in top]
    context = {"page": found, "rows": rows, "top": top, "asked": asked, "columns": Column.choices}
    context |= {"communities": communities(), "kept": _kept(request)}
    return _fresh(render(request, "bulletin/public/list.html", context))


def _asked(request: HttpRequest) -> queries.Asked:
    community = request.GET.get("community", "")
    pk = int(community) if community.isdecimal() and len(community) < 12 else None
    words, column = request.GET.get("q", "")[:60], request.GET.get("column", "")
    return queries.Asked(column if column in Column.values else "", pk, words, request.GET.get("archive") == "1")


def _kept(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    return query.urlencode()


@require_GET
def piece(request: HttpRequest, number: str) -> HttpResponse:
    """A piece; of what was taken back only that, why and when."""
    row = queries.one(number)
    context: dict[str, Any] = {"piece": row}
    if row.state == PieceState.PUBLISHED:
        at = now()
        if not signed_in(request):
            queries.count_view(row, timezone.localdate(at))
        shown = pictures.shown(row)
        context |= {"html": marks.html(row.text), "pictures": shown, "changes": row.versions.order_by("number")}
        context["views"] = queries.views_of([row]).get(row.pk, 0)
        context["old"] = row.expires_on is not None and row.expires_on < timezone.localdate(at)
    return _fresh(render(request, "bulletin/public/piece.html", context))


def _picture(request: HttpRequest, token: str, *, preview: bool) -> Any:
    row = get_object_or_404(PiecePicture.objects.select_related("piece"), token=token, removed_at=None)
    if row.piece.state != PieceState.PUBLISHED:
        if not signed_in(request):
            raise NotFound
        queries.for_member(member_of(request), row.piece.number)
    answer = served(pictures.opened(row, preview=preview))
    answer["Cache-Control"] = "public, max-age=3600" if row.piece.state == PieceState.PUBLISHED else "no-store"
    return answer


@require_GET
def picture(request: HttpRequest, token: str) -> Any:
    """A picture of what is published; staff also see those of drafts."""
    return _picture(request, token, preview=False)


@require_GET
def small(request: HttpRequest, token: str) -> Any:
    """The same, small."""
    return _picture(request, token, preview=True)


@require_GET
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """RSS or Atom."""
    if kind not in feeds.KINDS:
        raise NotFound
    answer = HttpResponse(feeds.written(kind, site.whole(request, "/"), now()))
    answer["Content-Type"] = f"application/{kind}+xml; charset=utf-8"
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """A resident hands something in, and gets a page that says what became of it."""
    form, at = HandInForm(posted(request)), now()
    if form.is_valid() and floods.lets_in(request, form, "bulletin.hand-in", at):
        typed = form.cleaned_data

        def act() -> dict[str, Any]:
            if not limits.passes([(DAILY, limits.address(request))], at):
                raise Refusal(_("Much was handed in from here today. Please go on tomorrow."), code="flood")
            resident = register_resident(name=typed["name"], phone=typed["phone"], at=at, by=Actor("resident"))
            written = Written(Column.STORY, typed["title"], text=typed["text"], author=typed["author"])
            row = pieces.hand_in(written=written, resident=resident, at=at, consent=typed["consent"])
            return {"code": row.code}

        kept = done(request, "bulletin.hand-in", form, act) or {}
        if kept:
            return personal(see_other("bulletin:handed-in", kept["code"]))
    status = 422 if form.is_bound else 200
    return _fresh(render(request, "bulletin/public/hand_in.html", {"form": form}, status=status))


@require_GET
def handed_in(request: HttpRequest, code: str) -> HttpResponse:
    """What became of it; whoever has the code sees that and nothing else."""
    row = queries.by_code(code)
    return personal(render(request, "bulletin/public/handed_in.html", {"piece": row}))


def _fresh(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-cache, private"
    return answer
