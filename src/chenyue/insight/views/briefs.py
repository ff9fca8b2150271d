"""Briefs: listed, read, changed, released, downloaded; who gets them."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import office, papers
from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.errors import NotFound
from chenyue.core.http import see_other, served
from chenyue.insight import seeing
from chenyue.insight.brief import acts, changes, files, paper, queries, telling, wording
from chenyue.insight.brief.changes import NUMBERS, Change, text_of
from chenyue.insight.forms_brief import AskForm, ReadersForm, SentencesForm, WordsForm, present
from chenyue.insight.lifecycle import BriefKind, BriefState
from chenyue.insight.models import Brief
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may
from chenyue.timeline.queries import entries, visible_for


def _found(request: HttpRequest, pk: int) -> Brief:
    return queries.for_member(member_of(request), pk)


@staff_only(seeing.SEE)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Briefs, the newest first, all or of one kind."""
    kind, member = request.GET.get("kind", ""), member_of(request)
    found = queries.listed(member, kind, request.GET.get("cursor", ""))
    for row in found.rows:
        row.called = telling.title(row)  # type: ignore[attr-defined]
    manages = may(member, acts.MANAGE)
    context = {"page": found, "kind": kind, "kinds": BriefKind.choices, "manages": manages}
    return page(request, "insight/brief/list.html", context)


@staff_only(acts.MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Have one written that isn't there."""
    by, at = member_of(request).actor(), now()
    initial = {"kind": BriefKind.WEEKLY, "day": timezone.localdate(at) - timedelta(days=7)}
    form = AskForm(posted(request), initial=initial)
    if form.is_valid():
        typed = form.cleaned_data
        community = int(typed["community"]) if typed["community"] else None

        def act() -> dict[str, Any]:
            more: dict[str, Any] = {"community_id": community, "by": by, "at": at}
            return {"pk": acts.ask(kind=typed["kind"], day=typed["day"], **more).pk}

        if made := done(request, "insight.brief-new", form, act):
            return see_other("insight:brief", made["pk"])
    return page(request, "insight/brief/new.html", {}, form=form)


@staff_only(seeing.SEE)
@require_GET
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """One brief: its sentences, what is said otherwise than last time, its figures, its files."""
    row, member = _found(request, pk), member_of(request)
    manages = may(member, acts.MANAGE)
    context: dict[str, Any] = {"brief": row, "called": telling.title(row), "manages": manages}
    context |= {"history": entries(acts.subject(row), visible_for("office")) if manages else []}
    context |= {"edits_templates": may(member, "texts.edit"), "template": paper.code(row.kind)}
    if row.figures:
        context |= _shown(row)
    context |= {"former": row.files.get("former", []) if manages else []}
    return page(request, "insight/brief/brief.html", context)


def _shown(row: Brief) -> dict[str, Any]:
    """What the page shows of a brief that has been written."""
    held = {change.key: change for change in (Change(*one) for one in row.changes)}
    parts = []
    for section in wording.WORDS["order"][row.kind]:
        mine = [one for one in row.sentences if wording.section_of(one[0]) == section]
        if mine:
            parts.append((wording.WORDS["sections"][section], [_sentence(one, held.get(one[0])) for one in mine]))
    gone = [change for change in held.values() if change.degree == changes.GONE]
    told = [change for change in held.values() if change.degree != NUMBERS]
    data = paper.data_of(row, row.released_at or row.made_at)
    return {
        "parts": parts, "gone": gone, "told": len(told), "data": data,
        "bars": [(day["name"], int(day["now"])) for day in data["days"]],
        "then": acts.before(row), "kept": {kind: row.files[kind] for kind in files.KINDS if kind in row.files},
    }  # fmt: skip


def _sentence(row: list[Any], change: Change | None) -> dict[str, Any]:
    degree = change.degree if change else changes.SAME
    marked = changes.pieces(change.before, change.now) if change and degree == changes.SAID else []
    found = {"text": text_of(row), "written": row[1], "changed": row[2] is not None, "degree": degree}
    return found | {"pieces": marked, "before": change.before if change else ""}


@staff_only(acts.MANAGE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change sentences of a draft; the originals stay beside them."""
    row = _found(request, pk)
    if row.state != BriefState.DRAFT:
        return see_other("insight:brief", pk)
    form = SentencesForm(posted(request), brief=row, initial={"version": row.version})
    if form.is_valid():
        by, at, version = member_of(request).actor(), now(), form.cleaned_data["version"]

        def act() -> None:
            acts.edit(brief=row, texts=form.texts(), by=by, at=at, version=version)

        if done(request, "insight.brief-edit", form, act) is not None:
            messages.success(request, _("Kept."))
            return see_other("insight:brief", pk)
    return page(request, "insight/brief/edit.html", {"brief": row, "called": telling.title(row)}, form=form)


@staff_only(acts.MANAGE)
@require_GET
def preview(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The file as it would be released."""
    row, at = _found(request, pk), now()
    if kind not in files.KINDS or not row.figures:
        raise NotFound
    row.released_by = row.released_by or member_of(request)
    answer = HttpResponse(files.contents(row, at)[kind], content_type=files.KINDS[kind])
    answer["Content-Disposition"] = papers.as_file(f"{telling.title(row)}.{kind}")
    return answer


@staff_only(seeing.SEE)
@require_GET
def file(request: HttpRequest, pk: int, kind: str) -> Any:
    """A file of a released brief, as it was released."""
    answer = served(files.opened(_found(request, pk), kind))
    answer["Cache-Control"] = "no-store, private"
    return answer


def _pressed(request: HttpRequest, pk: int, what: str, act: Any, said: str) -> HttpResponse:
    acted(request, f"insight.brief-{what}", act, said)
    return see_other("insight:brief", pk)


@staff_only(acts.MANAGE)
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go out."""
    row, by, at = _found(request, pk), member_of(request).actor(), now()
    told = request.POST.get("version", "")
    version = int(told) if told.isdecimal() and len(told) < 9 else row.version

    def act() -> None:
        acts.release(brief=row, by=by, at=at, version=version)

    return _pressed(request, pk, "release", act, _("Released. Whoever gets it has been told."))


@staff_only(acts.MANAGE)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it written anew."""
    row, by, at = _found(request, pk), member_of(request).actor(), now()
    said = _("It is being written. Look again in a moment.")
    return _pressed(request, pk, "again", lambda: acts.again(brief=row, by=by, at=at), said)


@staff_only(acts.MANAGE)
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a released one back, with words for those who got it."""
    row, form = _found(request, pk), WordsForm(posted(request))
    if form.is_valid():
        by, at, words = member_of(request).actor(), now(), form.cleaned_data["words"]

        def act() -> None:
            acts.take_back(brief=row, words=words, by=by, at=at)

        if done(request, "insight.brief-back", form, act) is not None:
            return see_other("insight:brief", pk)
    return page(request, "insight/brief/take_back.html", {"brief": row, "called": telling.title(row)}, form=form)


@staff_only(acts.MANAGE)
@require_http_methods(["GET", "POST"])
def readers(request: HttpRequest) -> HttpResponse:
    """Who gets briefs, and which are written by themselves."""
    form = ReadersForm(posted(request), initial=present())
    if form.is_valid():
        values, by, at = form.values(), member_of(request).actor(), now()

        def act() -> dict[str, Any]:
            return {"n": len(office.change(by=by, at=at, **values))}

        if done(request, "insight.brief-readers", form, act) is not None:
            messages.success(request, _("Saved."))
            return see_other("insight:brief-readers")
    kinds = [(kind, paper.code(kind.value)) for kind in BriefKind]
    edits = may(member_of(request), "texts.edit")
    lists = [(form[kind.value], len(telling.chosen(kind.value))) for kind in BriefKind]
    context = {"lists": lists, "kinds": kinds, "edits_templates": edits}
    return page(request, "insight/brief/readers.html", context, form=form)
