"""Doors of meetings, minutes, evidence and of what is said in confidence; joined in `urls`."""

from django.urls import URLPattern, path

from chenyue.mediation.views import caucus, evidence, meetings, minutes

ONE = "desk/mediation/<slug:number>/"
MEETING = ONE + "meetings/<int:n>/"
PIECE = ONE + "evidence/<int:n>/"
ROOM = ONE + "caucus/<int:order>/"

urls: list[URLPattern] = [
    path(ONE + "meetings/", meetings.listed, name="meetings"),
    path(ONE + "meetings/new/", meetings.edit, name="meeting-new"),
    path(MEETING, meetings.one, name="meeting"),
    path(MEETING + "change/", meetings.edit, name="meeting-change"),
    path(MEETING + "held/", meetings.held, name="meeting-held"),
    path(MEETING + "broken-off/", meetings.broken_off, name="meeting-broken-off"),
    path(MEETING + "cancel/", meetings.cancel, name="meeting-cancel"),
    path(MEETING + "notice/", meetings.notice, name="meeting-notice"),
    path(MEETING + "told/", meetings.told, name="meeting-told"),
    path(MEETING + "minutes/", minutes.write, name="minutes"),
    path(MEETING + "minutes/print/", minutes.sheet, name="minutes-sheet"),
    path(MEETING + "minutes/answer/<int:order>/", minutes.answer, name="minutes-answer"),
    path(MEETING + "minutes/signed/<int:pk>/", minutes.sign, name="minutes-sign"),
    path(MEETING + "minutes/<slug:what>/", minutes.do, name="minutes-do"),
    path(ONE + "evidence/", evidence.listed, name="evidence"),
    path(PIECE, evidence.one, name="evidence-one"),
    path(PIECE + "file/", evidence.file, name="evidence-file"),
    path(PIECE + "small/", evidence.small, name="evidence-small"),
    path(PIECE + "<slug:what>/", evidence.do, name="evidence-do"),
    path(ONE + "caucus/", caucus.doors, name="caucus"),
    path(ONE + "caucus/figures/", caucus.ladder, name="ladder"),
    path(ROOM, caucus.room, name="caucus-party"),
    path(ROOM + "figure/", caucus.figure, name="caucus-figure"),
    path(ROOM + "destroy/<int:pk>/", caucus.destroy, name="caucus-destroy"),
    path(ROOM + "withdraw/<int:pk>/", caucus.withdraw, name="caucus-withdraw"),
]
