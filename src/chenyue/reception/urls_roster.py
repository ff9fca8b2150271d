"""Doors of venues and of the roster."""

from django.urls import URLPattern, path

from chenyue.reception.views import feeds
from chenyue.reception.views import venues as v

venues: list[URLPattern] = [
    path("desk/venues/", v.venues, name="venues"),
    path("desk/venues/new/", v.venue, name="venue-new"),
    path("desk/venues/<int:pk>/", v.venue, name="venue"),
    path("desk/venues/<int:venue>/hours/new/", v.opening, name="opening-new"),
    path("desk/venues/<int:venue>/hours/<int:pk>/", v.opening, name="opening"),
    path("desk/venues/act/<str:what>/<int:pk>/", v.venue_act, name="venue-act"),
    path("reception/feed/venue/<str:token>.ics", feeds.venue_feed, name="venue-feed"),
    path("reception/feed/member/<str:token>.ics", feeds.person_feed, name="person-feed"),
]
roster: list[URLPattern] = []
