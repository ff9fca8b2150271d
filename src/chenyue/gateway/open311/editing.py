"""What the office opens to other systems: services with their questions, and words that a person looked through."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.cases.models import Appeal
from chenyue.catalogue.events import CatalogueChanged
from chenyue.catalogue.models import Category
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.text import clean
from chenyue.gateway.models import OpenService, PublishedWords
from chenyue.gateway.open311 import reading, rules
from chenyue.gateway.open311.keys import keeper
from chenyue.people.masking import holds_contact
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

PUBLISH = "case.dispatch"
MOST_QUESTIONS = 12


def questions(typed: str) -> list[dict[str, Any]]:
    """Read `code | question | datatype | required | 1=first;2=second`, a line for each. Refusal at `questions`."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(filter(None, map(str.strip, typed.replace("｜", "|").splitlines())), start=1):
        parts = [part.strip() for part in line.split("|")]
        code, question, datatype, needed, values = (parts + [""] * 5)[:5]
        datatype = datatype or "string"
        listed = [tuple(map(str.strip, value.partition("=")[::2])) for value in rules.listed(values.replace(";", ","))]
        wrong = not (code.isascii() and code.replace("_", "").replace("-", "").isalnum() and len(code) <= 40)
        wrong = wrong or not question or datatype not in rules.DATATYPES or code in {one["code"] for one in found}
        wrong = wrong or (datatype in rules.LISTS and not (listed and all(key and name for key, name in listed)))
        if wrong or number > MOST_QUESTIONS:
            raise Refusal(
                _("Line %(number)d isn't understood: code | question | datatype | required | 1=first;2=second")
                % {"number": number},
                field="questions",
            )
        found.append(
            {
                "variable": True, "code": code, "datatype": datatype, "required": needed in ("required", "是", "必填"),
                "datatype_description": "", "description": question[:120],
                "values": [{"key": key, "name": name} for key, name in listed] if datatype in rules.LISTS else [],
            }
        )  # fmt: skip
    return found


def written(attributes: Sequence[dict[str, Any]]) -> str:
    """The questions as they are typed."""
    return "\n".join(
        " | ".join(
            [
                one["code"], one["description"], one["datatype"], "required" if one["required"] else "",
                ";".join(f"{value['key']}={value['name']}" for value in one["values"]),
            ]
        ).rstrip(" |")
        for one in attributes
    )  # fmt: skip


@transaction.atomic
def open_service(
    *, category: Category, kind: str, public: bool, active: bool, notice: str, keywords: str, typed: str, by: Actor,
    at: datetime,
) -> OpenService:  # fmt: skip
    """Open a category to other systems, change how, or close it. Refusal at `questions`, `public`, `kind`."""
    keeper(by)
    if public and category.private:
        raise Refusal(_("Matters about staff are never public."), field="public")
    if public and kind == OpenService.Kind.BLACKBOX:
        raise Refusal(_("What gets no number can't be read either."), field="public")
    if kind not in OpenService.Kind.values:
        raise Refusal(_("Choose one from the list."), field="kind")
    values = {
        "kind": kind, "public": public, "active": active, "notice": clean(notice)[:120],
        "keywords": clean(keywords)[:200], "attributes": questions(typed), "changed_at": at,
    }  # fmt: skip
    service, _fresh = OpenService.objects.update_or_create(category=category, defaults=values)
    data = {"name": category.name, "public": public, "active": active}
    record(subject="office:open311", verb="gateway.service_set", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
    return service


@transaction.atomic
def publish(*, number: str, words: str, by: Actor, at: datetime) -> PublishedWords:
    """Let the words of an appeal be read outside as a person wrote them anew. Refusal at `words` if they tell who.

    NotFound for an appeal that isn't in a public service.
    """
    if by.kind != "member" or not may(by.user, PUBLISH):
        raise NotAllowed
    appeal = reading.visible().filter(number=number).select_related("reporter").first()
    if appeal is None:
        raise NotFound
    said = clean(words)[: rules.MOST_WORDS]
    if not said:
        raise Refusal(_("Write the words that may be read, or leave them out."), field="words")
    if holds_contact(said) or _names(appeal, said):
        raise Refusal(_("A name, a telephone number or an ID number is still in the words."), field="words")
    found, _fresh = PublishedWords.objects.update_or_create(
        appeal=appeal, defaults={"words": said, "by": by.user, "at": at}
    )
    record(
        subject=appeal.case.subject, verb="gateway.words_published", by=by, at=at, data={"appeal": number},
        visible_to=VisibleTo.UNIT,
    )  # fmt: skip
    return found


def _names(appeal: Appeal, said: str) -> bool:
    name = appeal.reporter.name if appeal.reporter else ""
    return bool((len(name) > 1 and name in said) or (len(appeal.nickname) > 1 and appeal.nickname in said))


@transaction.atomic
def take_back(*, number: str, by: Actor, at: datetime) -> None:
    """Let published words no longer be read."""
    if by.kind != "member" or not may(by.user, PUBLISH):
        raise NotAllowed
    found = PublishedWords.objects.select_related("appeal__case").filter(appeal__number=number).first()
    if found is None:
        raise NotFound
    found.delete()
    record(
        subject=found.appeal.case.subject, verb="gateway.words_taken_back", by=by, at=at, data={"appeal": number},
        visible_to=VisibleTo.UNIT,
    )  # fmt: skip


def on_catalogue(event: CatalogueChanged) -> None:
    """A category that is open to others changed: whoever keeps a copy of the list must see that it moved."""
    OpenService.objects.filter(category__code__in=event.codes).update(changed_at=event.at)
