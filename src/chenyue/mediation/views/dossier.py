"""The dossier: what is missing, the volumes with their parts, single papers as of now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chenyue.core import papers
from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.core.kept_files import Opened
from chenyue.mediation import acts, seeing, tabs
from chenyue.mediation.dossier import archiving, making, rules, singles
from chenyue.mediation.forms_paper import NoteForm
from chenyue.mediation.http import acted, done, find, member_of, now, page, personal
from chenyue.mediation.models import Dossier, Mediation
from chenyue.people.http import staff_only

KINDS = {"pdf": ("pdf", papers.PDF), "word": ("docx", papers.WORD)}


def _context(request: HttpRequest, mediation: Mediation) -> dict[str, Any]:
    member, at = member_of(request), now()
    works = seeing.handles(member, mediation)
    where = {name: address for name, address, _word in tabs.tabs_for(member, mediation)}
    lacks = [(lack, where.get(lack.where, "")) for lack in archiving.lacks(mediation, at)]
    volumes = archiving.volumes(mediation)
    return {
        "mediation": mediation, "here": "dossier", "works": works, "lacks": lacks, "source": rules.source(),
        "grave": any(lack.grave for lack, _address in lacks), "newest": volumes[0] if volumes else None,
        "older": volumes[1:], "papers": singles.found(mediation, at) if works else [],
        "closes": seeing.may(member, mediation, "manage"), "terms": rules.terms(timezone.localtime(at).date()),
    }  # fmt: skip


@staff_only()
@require_GET
def dossier(request: HttpRequest, number: str) -> HttpResponse:
    """What is missing, and what was made."""
    mediation = find(request, number)
    return personal(page(request, "mediation/dossier.html", _context(request, mediation) | {"form": NoteForm()}))


@staff_only()
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """A new volume, made by a job."""
    mediation, by, at = find(request, number), member_of(request).actor(), now()
    seeing.check(by, mediation, "conduct", "manage")
    form = NoteForm(request.POST)

    def act() -> dict[str, Any]:
        made = making.ask(mediation=mediation, by=by, at=at, note=form.cleaned_data["note"])
        return {"volume": made.number}

    if form.is_valid() and done(request, "mediation.dossier", form, act) is not None:
        return see_other("mediation:dossier", number)
    return page(request, "mediation/dossier.html", _context(request, mediation), form=form)


def _volume(request: HttpRequest, number: str, volume: int) -> Dossier:
    return archiving.volume_for(find(request, number), volume)


@staff_only()
@require_GET
def progress(request: HttpRequest, number: str, volume: int) -> HttpResponse:
    """How far a volume has come: the part of the page that asks by itself."""
    mediation = find(request, number)
    found = archiving.volume_for(mediation, volume)
    context = {"mediation": mediation, "newest": found, "works": seeing.handles(member_of(request), mediation)}
    context |= {"closes": seeing.may(member_of(request), mediation, "manage"), "whole": found.documents.count()}
    return page(request, "mediation/_volume.html", context)


@staff_only()
@require_POST
def close(request: HttpRequest, number: str, volume: int) -> HttpResponse:
    """Close a volume for the archive."""
    found, by, at = _volume(request, number, volume), member_of(request).actor(), now()

    def act() -> None:
        archiving.archive(dossier=found, by=by, at=at)

    acted(request, "mediation.dossier-close", act, _("The dossier is closed."))
    return see_other("mediation:dossier", number)


@staff_only()
@require_GET
def whole(request: HttpRequest, number: str, volume: int) -> HttpResponse:
    """The whole as one PDF; who took it is written down."""
    found = _volume(request, number, volume)
    return _sent(archiving.taken(dossier=found, what="whole", by=member_of(request).actor(), at=now()))


@staff_only()
@require_GET
def part(request: HttpRequest, number: str, volume: int, order: int, kind: str) -> HttpResponse:
    """One document of a volume, as PDF or Word."""
    found = _volume(request, number, volume)
    by = member_of(request).actor()
    return _sent(archiving.taken(dossier=found, what=kind, order=order, by=by, at=now()))


def _sent(found: Opened) -> HttpResponse:
    """A stored paper, as a file to keep under its name: some megabytes at most."""
    with found.file as file:
        return _file(file.read(), found.content_type, found.name)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": papers.as_file(archiving.file_name(name)), "X-Content-Type-Options": "nosniff"}
    return personal(HttpResponse(content, content_type=content_type, headers=headers))


@staff_only()
@require_GET
def single(request: HttpRequest, number: str, key: str, kind: str) -> HttpResponse:
    """One paper as of now; who took it is written down."""
    mediation, member, at = find(request, number), member_of(request), now()
    seeing.check(member.actor(), mediation, "conduct", "manage")
    if kind not in KINDS:
        raise NotFound
    item = singles.one(mediation, key, at, member.name)
    made = singles.paper(item, kind, at)
    return _paper(mediation, made, kind, f"{mediation.number} {item.title}", item.code, request)


@staff_only()
@require_GET
def pack(request: HttpRequest, number: str, agreement: int) -> HttpResponse:
    """What goes to the court, as one PDF."""
    mediation, by, at = find(request, number), member_of(request).actor(), now()
    seeing.check(by, mediation, "conduct", "manage")
    made = singles.pack(mediation, agreement, at)
    return _paper(mediation, made, "pdf", f"{mediation.number} 司法确认材料", "confirmation", request)


def _paper(
    mediation: Mediation, made: papers.Paper, kind: str, name: str, code: str, request: HttpRequest
) -> HttpResponse:
    by, at = member_of(request).actor(), now()
    acts.record(mediation, "dossier_paper", by=by, at=at, data={"paper": code, "what": kind})
    archiving.looked(mediation, code, by, at)
    ending, content_type = KINDS[kind]
    return _file(bytes(made), content_type, f"{name}.{ending}")
