"""Certificates: asked for, on notice, issued, withdrawn; the page behind their code; the export of hours."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import limits, office, papers, site
from chenyue.core.acting import done, now, page, posted
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.forms import refused
from chenyue.core.http import personal, see_other
from chenyue.core.paging import Order, keyset
from chenyue.people.http import member_of, staff_only
from chenyue.people.models import Member
from chenyue.people.queries import units
from chenyue.volunteering import acts, certifying, exporting_hours, persons, seeing
from chenyue.volunteering.fields_deeds import choose
from chenyue.volunteering.forms_proofs import CertificateForm, DecideForm, ExportForm, NameForm, NoticeForm
from chenyue.volunteering.models import Certificate

HERE = {"here": "certificates"}
KINDS = {"pdf": ("pdf", papers.PDF), "word": ("docx", papers.WORD)}
SHEET = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


def _reader(request: HttpRequest) -> Member:
    member = member_of(request)
    if not seeing.takes_part(member):
        raise NotAllowed
    return member


@staff_only()
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """All that this member may see, the newest first; what is on notice stands above."""
    member = _reader(request)
    rows = certifying.visible(member)
    context = HERE | {
        "notice": list(rows.filter(state="notice").order_by("notice_until", "pk")[:100]),
        "page": keyset(rows.exclude(state="notice"), Order("id"), request.GET.get("cursor", ""), 40),
        "asks": seeing.may(member, seeing.SERVE) or seeing.may(member, seeing.CERTIFY),
        "exports": exporting_hours.may_export(member.actor()),
    }
    return page(request, "volunteering/proofs/certificates.html", context)


@staff_only()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for one on behalf of a volunteer."""
    member, at = _reader(request), now()
    if not (seeing.may(member, seeing.SERVE) or seeing.may(member, seeing.CERTIFY)):
        raise NotAllowed
    today = acts.local_day(at)
    first = {"volunteer": request.GET.get("volunteer", ""), "from_on": today.replace(month=1, day=1), "until_on": today}
    form = CertificateForm(posted(request), initial=first | {"unit": member.unit_id})
    choose(form, "unit", [(unit.pk, unit.name) for unit in units()])
    if form.is_valid():
        result = done(request, "volunteering.certificate", form, _ask(form, member, at))
        if result is not None:
            return see_other("volunteering:certificate", result["pk"])
    return page(request, "volunteering/proofs/certificate_new.html", HERE, form=form)


def _ask(form: CertificateForm, member: Member, at: Any) -> Callable[[], dict[str, Any]]:
    said = form.cleaned_data

    def act() -> dict[str, Any]:
        number = said["volunteer"].strip().upper()
        volunteer = seeing.visible_volunteers(member).filter(number=number).select_related("resident").first()
        if volunteer is None:
            raise Refusal(persons.NOBODY % {"number": number}, field="volunteer", code="nobody")
        unit = units().filter(pk=said["unit"]).first()
        made = certifying.ask(
            volunteer, from_on=said["from_on"], until_on=said["until_on"], unit=unit, remarks=said["remarks"],
            by=member.actor(), at=at,
        )  # fmt: skip
        return {"pk": made.pk}

    return act


def _shown(request: HttpRequest, row: Certificate, **forms: Any) -> HttpResponse:
    member = member_of(request)
    by = member.actor()
    given = {name: getattr(row, name) for name in ("head", "clerk", "contact", "remarks", "version")}
    given["contact"] = given["contact"] or office.get("phone")
    context = HERE | {
        "row": row,
        "handles": certifying.may_handle(by, row),
        "ready": row.state == "notice" and row.notice_until is not None and acts.local_day(now()) > row.notice_until,
        "notice": NoticeForm(initial=given),
        "end": DecideForm(initial={"version": row.version}),
        "issue": DecideForm(initial={"version": row.version}),
    }
    return page(request, "volunteering/proofs/certificate.html", context | forms, form=next(iter(forms.values()), None))


@staff_only()
@require_GET
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate."""
    return _shown(request, certifying.certificate_for(_reader(request), pk))


@staff_only(seeing.CERTIFY)
@require_POST
def certificate_do(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Put on notice, issue, refuse or withdraw."""
    if what not in ACTS:
        raise NotFound
    row, by, at = certifying.certificate_for(member_of(request), pk), member_of(request).actor(), now()
    kind, act = ACTS[what]
    form = kind(request.POST)
    if form.is_valid():
        given = form.cleaned_data | {"base": site.whole(request, "")}

        def todo() -> None:
            act(row, given, by, at)

        if done(request, f"volunteering.certificate-{what}", form, todo) is not None:
            return see_other("volunteering:certificate", pk)
    return _shown(request, certifying.certificate_for(member_of(request), pk), **{what: form})


def _notice(row: Certificate, given: dict[str, Any], by: Any, at: Any) -> Any:
    names = ("head", "clerk", "contact", "remarks", "version")
    return certifying.put_on_notice(row, by=by, at=at, **{name: given[name] for name in names})


def _issue(row: Certificate, given: dict[str, Any], by: Any, at: Any) -> Any:
    return certifying.issue(row, base=given["base"], by=by, at=at, version=given["version"])


def _end(row: Certificate, given: dict[str, Any], by: Any, at: Any) -> Any:
    return certifying.end(row, reason=given["reason"], by=by, at=at, version=given["version"])


ACTS: dict[str, tuple[Any, Callable[[Certificate, dict[str, Any], Any, Any], Any]]] = {
    "notice": (NoticeForm, _notice),
    "issue": (DecideForm, _issue),
    "end": (DecideForm, _end),
}


@staff_only()
@require_GET
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The paper as a file, with name and ID number: kept nowhere, and written down."""
    member, at = _reader(request), now()
    row = certifying.certificate_for(member, pk)
    made = certifying.paper(row, kind, base=site.whole(request, ""), by=member.actor(), at=at)
    ending, content_type = KINDS[kind]
    headers = {"Content-Disposition": papers.as_file(f"{row.number}.{ending}")}
    return personal(HttpResponse(bytes(made), content_type=content_type, headers=headers))


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is true: number, hours, issuer, valid or withdrawn. No name, unless one is typed in."""
    at, address = now(), limits.address(request)
    if limits.reached(persons.GUESSES, address, at):
        raise NotFound
    try:
        row = certifying.public(code)
    except NotFound:
        limits.note(persons.GUESSES, address, at)
        raise
    form, fits = NameForm(posted(request)), None
    if form.is_valid():
        try:
            fits = certifying.names(row, form.cleaned_data["name"], address, at)
        except Refusal as refusal:
            refused(form, refusal)
    context = {"row": row, "fits": fits}
    return personal(page(request, "volunteering/proofs/verify.html", context, form=form))


@staff_only()
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Hours as a table in the ministry's fields."""
    member, at = _reader(request), now()
    if not exporting_hours.may_export(member.actor()):
        raise NotAllowed
    today = acts.local_day(at)
    form = ExportForm(posted(request), initial={"first": today.replace(day=1), "last": today, "kind": "xlsx"})
    if form.is_valid():
        said = form.cleaned_data
        try:
            made, _count = exporting_hours.export(by=member.actor(), at=at, **said)
        except Refusal as refusal:
            if isinstance(refusal, NotAllowed):
                raise
            refused(form, refusal)
        else:
            name = f"hours-{timezone.localtime(at):%Y%m%d}.{said['kind']}"
            headers = {"Content-Disposition": papers.as_file(name)}
            return personal(HttpResponse(made, content_type=SHEET[said["kind"]], headers=headers))
    return page(request, "volunteering/proofs/export.html", {"here": "hours", "part": "export"}, form=form)
