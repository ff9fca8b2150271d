"""Doors of venues and of the roster."""

from django.urls import URLPattern, path

from chenyue.reception.views import feeds
from chenyue.reception.views import roster_grid as g
from chenyue.reception.views import roster_mine as m
from chenyue.reception.views import roster_out as out
from chenyue.reception.views import roster_people as who
from chenyue.reception.views import roster_plans as p
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
roster: list[URLPattern] = [
    path("desk/roster/", g.roster, name="roster"),
    path("desk/roster/board/", out.board, name="board"),
    path("desk/roster/excel/", out.excel, name="roster-excel"),
    path("desk/roster/plans/", p.plans, name="plans"),
    path("desk/roster/plans/<int:pk>/", p.plan, name="plan"),
    path("desk/roster/plans/<int:pk>/act/<str:what>/", p.plan_act, name="plan-act"),
    path("desk/roster/plans/<int:pk>/where/", g.where, name="where"),
    path("desk/roster/plans/<int:pk>/turn/", g.turn, name="turn"),
    path("desk/roster/plans/<int:pk>/sittings/<int:sitting>/", g.plan_sitting, name="plan-sitting"),
    path("desk/roster/people/", who.people, name="roster-people"),
    path("desk/roster/people/new/", who.person, name="roster-person-new"),
    path("desk/roster/people/<int:pk>/", who.person, name="roster-person"),
    path("desk/roster/rules/", who.rules, name="roster-rules"),
    path("desk/roster/mine/", m.my_turns, name="my-turns"),
    path("desk/roster/mine/leave/", m.leave, name="leave"),
    path("desk/roster/mine/wish/", m.wish, name="wish"),
    path("desk/roster/mine/act/<str:what>/<int:pk>/", m.mine_act, name="mine-act"),
    path("desk/roster/swaps/", m.swap_list, name="swaps"),
    path("desk/roster/swaps/<int:pk>/<str:what>/", m.swap_act, name="swap-act"),
    path("desk/roster/turns/<int:pk>/", m.turn_page, name="turn-page"),
    path("desk/roster/turns/<int:pk>/swap/", m.swap, name="swap"),
    path("desk/roster/turns/<int:pk>/<str:what>/", m.turn_act, name="turn-act"),
]
