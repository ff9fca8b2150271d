"""Doors of the queue and of visits, for staff."""

from datetime import date

from django.urls import path, register_converter

from chenyue.reception.views import queue as views
from chenyue.reception.views import queue_ends as ends
from chenyue.reception.views import visit


class DayConverter:
    """`2026-11-24` in an address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")
HERE = "desk/reception/"
SITTING = HERE + "<int:pk>/"
TICKET = HERE + "tickets/<int:pk>/"

queue = [
    path(HERE, views.reception_today, name="today"),
    path(HERE + "near/", visit.near, name="near"),
    path(HERE + "days/<day:day>/", ends.day, name="day"),
    path(TICKET + "slip/", visit.slip, name="slip"),
    path(TICKET + "visit/", visit.sheet, name="visit"),
    path(TICKET + "unit/", visit.to_unit, name="to-unit"),
    path(TICKET + "<slug:act>/", visit.ticket_act, name="ticket-do"),
    path(SITTING, views.sitting, name="sitting"),
    path(SITTING + "line/", views.line_part, name="line"),
    path(SITTING + "next/", views.call_next, name="next"),
    path(SITTING + "take/", views.take, name="take"),
    path(SITTING + "close/", ends.close, name="close"),
    path(SITTING + "cancel/", ends.cancel, name="cancel"),
    path(SITTING + "report/", ends.report, name="report"),
    path(SITTING + "<slug:act>/", views.act, name="sitting-act"),
]
