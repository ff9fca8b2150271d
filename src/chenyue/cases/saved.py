"""What members keep for their lists and answers: saved views, standard texts. No case changes by them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import AnswerTemplate, Result, SavedView
from chenyue.catalogue.models import Category
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

MOST = 30  # saved views of one member


@transaction.atomic
def save_view(*, name: str, query: str, shared: bool, by: Actor, at: datetime) -> SavedView:
    """Keep a list's filters under a name; one's own view of that name is replaced."""
    if by.user is None:
        raise NotAllowed()
    own = SavedView.objects.filter(member=by.user)
    if own.count() >= MOST and not own.filter(name=name).exists():
        raise Refusal(_("You have %(n)s views already. Delete one first.") % {"n": MOST}, field="name")
    view, _fresh = SavedView.objects.update_or_create(
        member=by.user, name=name, defaults={"query": query, "shared": shared}
    )
    return view


def delete_view(*, pk: int, by: Actor, at: datetime) -> None:
    """Take one's own view away; anyone else's is not found."""
    if not SavedView.objects.filter(Q(pk=pk) & Q(member=by.user)).delete()[0]:
        raise NotFound()


@transaction.atomic
def save_template(
    *,
    name: str,
    category_code: str,
    result: str,
    body: str,
    active: bool,
    by: Actor,
    at: datetime,
    pk: int | None = None,
) -> AnswerTemplate:
    """Add or change a standard text for answers. Answers already sent keep their words."""
    if not may(by.user, "texts.edit"):
        raise NotAllowed()
    category = Category.objects.filter(code=category_code).first() if category_code else None
    if result and result not in Result.values:
        raise Refusal(_("This choice does not exist. Please choose one of the list."), field="result")
    template = AnswerTemplate.objects.filter(pk=pk).first() if pk else AnswerTemplate()
    if template is None:
        raise NotFound()
    template.name, template.category, template.result, template.body = name, category, result, body
    template.active = active
    template.save()
    data = {"name": name, "template": template.pk, "active": active}
    record(subject="office:texts", verb="cases.template_saved", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
    return template
