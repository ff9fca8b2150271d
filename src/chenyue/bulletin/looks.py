"""How the states of pieces look, and the doors of the bulletin in the navigation."""

from django.utils.translation import gettext_lazy as _

from chenyue.bulletin.lifecycle import Column, PieceState
from chenyue.core import chrome

STATES = {
    PieceState.DRAFT: ("neutral", "edit"),
    PieceState.SUBMITTED: ("due", "inbox"),
    PieceState.REVIEW: ("due", "eye"),
    PieceState.SCHEDULED: ("wait", "clock"),
    PieceState.PUBLISHED: ("done", "world"),
    PieceState.RETRACTED: ("late", "x"),
    PieceState.REFUSED: ("late", "x"),
}
COLUMNS = {
    Column.NOTICE: ("due", "speakerphone"),
    Column.RESULT: ("done", "circle-check"),
    Column.STORY: ("brand", "heart"),
    Column.WORKS: ("wait", "building"),
    Column.VOLUNTEERING: ("neutral", "users"),
}
chrome.states("piece", {state.value: (state.label, *look) for state, look in STATES.items()})
chrome.states("column", {column.value: (column.label, *look) for column, look in COLUMNS.items()})
chrome.door("resident", "news", _("Bulletin"), "bulletin:public-list", icon="notes", order=60)
chrome.door("staff", "bulletin", _("Bulletin"), "bulletin:desk", icon="notes", order=52, word="bulletin.write")
