"""Papers of a project for residents: letters with the codes of homes, and the board at the site."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core import papers, site
from chenyue.core.errors import Refusal
from chenyue.core.forms import Form, refused
from chenyue.people.http import staff_only
from chenyue.works import letters as printing
from chenyue.works.http import find, member_of, now, page, personal, posted
from chenyue.works.site import permits


class LettersForm(Form):
    """Which buildings get letters."""

    buildings = forms.TypedMultipleChoiceField(
        label=_("Buildings"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    home = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, found: list[tuple[int, str, int]]) -> None:
        super().__init__(data)
        self.fields["buildings"].choices = [  # type: ignore[attr-defined]
            (pk, _("%(name)s · %(n)d letters") % {"name": name, "n": n}) for pk, name, n in found
        ]


@staff_only(permits.MANAGE)
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest, number: str) -> HttpResponse:
    """Choose buildings; the letters come as one file, and are kept nowhere."""
    project, at = find(request, number, "manage"), now()
    found = printing.buildings(project)
    form = LettersForm(posted(request), found)
    if form.is_valid():
        chosen, base = form.cleaned_data, site.whole(request, "")
        try:
            made = printing.letters(
                project=project, building_ids=chosen["buildings"], home=chosen["home"], base=base,
                by=member_of(request).actor(), at=at,
            )  # fmt: skip
            return personal(_file(made, f"{number}-letters.pdf"))
        except Refusal as refusal:
            refused(form, refusal)
    context = {"project": project, "found": found, "most": printing.MOST}
    return page(request, "works/letters.html", context, form=form)


@staff_only(permits.MANAGE)
@require_GET
def board(request: HttpRequest, number: str) -> HttpResponse:
    """The board at the site as a file."""
    project = find(request, number, "manage")
    building = request.GET.get("building", "")
    made = printing.board(
        project=project, paper=request.GET.get("paper", "a3"), base=site.whole(request, ""),
        building=int(building) if building.isdecimal() and len(building) < 10 else None,
        by=member_of(request).actor(), at=now(),
    )  # fmt: skip
    return _file(made, f"{number}-board.pdf")


def _file(made: papers.Paper, name: str) -> HttpResponse:
    return HttpResponse(
        bytes(made), content_type=papers.PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
