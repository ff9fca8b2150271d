"""Set-up: standard texts that answers begin with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases import saved
from chenyue.cases.models import AnswerTemplate
from chenyue.core.http import see_other
from chenyue.desk.forms.setup import AnswerTemplateForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only


@staff_only("texts.edit")
def templates(request: HttpRequest) -> HttpResponse:
    """All of them, by category."""
    rows = AnswerTemplate.objects.select_related("category").order_by("category__code", "result", "name")
    return render(request, "desk/setup/templates.html", {"rows": rows})


@staff_only("texts.edit")
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new one, or one that exists."""
    row = get_object_or_404(AnswerTemplate.objects.select_related("category"), pk=pk) if pk else None
    initial = {name: getattr(row, name) for name in ("name", "result", "body", "active")} if row else {}
    initial |= {"category_code": row.category.code} if row and row.category else {}
    form = AnswerTemplateForm(request.POST or None, initial=initial)
    by, at = member_of(request).actor(), now()

    def act() -> dict[str, int]:
        return {"pk": saved.save_template(**form.cleaned_data, pk=pk, by=by, at=at).pk}

    if form.is_valid() and done(request, "desk.template", form, act) is not None:
        messages.success(request, _("Saved."))
        return see_other("desk:answer-templates")
    context = {"label": row.name if row else _("New standard answer"), "back": reverse("desk:answer-templates")}
    return page(request, "desk/setup/form.html", context, form=form)
