"""Set-up: the office's own Word templates, looked at before they are taken."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.core import papers, word_templates
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.http import once, see_other
from chenyue.desk.forms.papers import TemplateForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.timeline.actions import record


@staff_only("texts.edit")
def templates(request: HttpRequest) -> HttpResponse:
    """All kinds of paper whose template can be replaced."""
    own = word_templates.all_own()
    return render(request, "desk/setup/papers.html", {"rows": [(k, own.get(k.code)) for k in word_templates.kinds()]})


@staff_only("texts.edit")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """A kind of paper: its blanks, the template in force, and a form for another."""
    kind = word_templates.kind(code)
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    if form.is_valid() and done(request, "desk.paper", form, lambda: _replace(request, code, form)) is not None:
        messages.success(request, _("Taken: it was filled with the sample and holds from now on."))
        return see_other("desk:set-up-paper", code)
    context = {"kind": kind, "own": word_templates.own(code), "blanks": word_templates.blanks(code)}
    return page(request, "desk/setup/paper.html", context, form=form)


def _replace(request: HttpRequest, code: str, form: TemplateForm) -> dict[str, Any]:
    upload, at = form.cleaned_data["template"], now()
    if upload.size > papers.MAX_TEMPLATE:
        raise Refusal(papers.TOO_LARGE, field="template", code="too_large")
    try:
        with transaction.atomic():
            row = word_templates.replace(code=code, content=upload.read(), name=upload.name, at=at)
            _note(request, "desk.paper_replaced", {"code": code, "name": row.name})
    except Refusal as refusal:
        refusal.field = "template"
        raise
    return {}


@staff_only("texts.edit")
@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Back to the template that ships."""

    @transaction.atomic
    def act() -> dict[str, Any]:
        if word_templates.restore(code):
            _note(request, "desk.paper_restored", {"code": code})
        return {}

    once(request, "desk.paper_restore", act, code)
    messages.success(request, _("The template that ships is used again."))
    return see_other("desk:set-up-paper", code)


def _note(request: HttpRequest, verb: str, data: dict[str, Any]) -> None:
    record(subject="office:papers", verb=verb, by=member_of(request).actor(), at=now(), data=data)


@staff_only("texts.edit")
def download(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """The template in force, or it filled with the sample."""
    kind = word_templates.kind(code)
    if what not in ("template", "sample"):
        raise NotFound
    content = word_templates.current(code) if what == "template" else word_templates.sample_of(code)
    ending = _("template") if what == "template" else _("sample")
    answer = HttpResponse(content, content_type=papers.WORD)
    answer.headers["Content-Disposition"] = papers.as_file(f"{kind.title} {ending}.docx")
    return answer
