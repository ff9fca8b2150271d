"""Doors of residents and screens: booking, one's ticket, the calling screen, the kiosk."""

from django.urls import URLPattern, path

from chenyue.reception.views import booking, kiosk, screens, ticket

doors: list[URLPattern] = [
    path("reception/", booking.sittings, name="sittings"),
    path("reception/book/<int:pk>/", booking.book, name="book"),
    path("reception/waiting/<str:token>/", booking.waiting, name="waiting"),
    path("reception/ticket/<str:token>/", ticket.ticket, name="ticket"),
    path("reception/ticket/<str:token>/<slug:name>/", ticket.act, name="ticket-act"),
    path("reception/now/", screens.now, name="now"),
    path("screen/<str:token>/", screens.screen, name="screen"),
    path("kiosk/<str:token>/", kiosk.kiosk, name="kiosk"),
    path("kiosk/<str:token>/arrive/", kiosk.arrive, name="kiosk-arrive"),
    path("kiosk/<str:token>/ticket/<str:sealed>/", kiosk.ticket, name="kiosk-ticket"),
    path("desk/venues/<int:pk>/screens/", screens.links, name="screen-links"),
]
