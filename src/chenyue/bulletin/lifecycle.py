"""Small vocabularies of the bulletin. Pure."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Column(models.TextChoices):
    NOTICE = "notice", pgettext_lazy("bulletin", "Notices")
    RESULT = "result", pgettext_lazy("bulletin", "Results")
    STORY = "story", pgettext_lazy("bulletin", "Stories")
    WORKS = "works", pgettext_lazy("bulletin", "Works")
    VOLUNTEERING = "volunteering", pgettext_lazy("bulletin", "Volunteering")


class PieceState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("piece", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("piece", "Handed in")
    REVIEW = "review", pgettext_lazy("piece", "To be released by a second person")
    SCHEDULED = "scheduled", pgettext_lazy("piece", "Will appear")
    PUBLISHED = "published", pgettext_lazy("piece", "Published")
    RETRACTED = "retracted", pgettext_lazy("piece", "Taken back")
    REFUSED = "refused", pgettext_lazy("piece", "Not taken")


MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("review", "refused"),
    "submitted": ("draft", "refused"),
    "review": ("draft", "scheduled", "published"),
    "scheduled": ("draft", "published"),
    "published": ("retracted",),
    "retracted": ("draft",),
    "refused": ("draft",),
}
