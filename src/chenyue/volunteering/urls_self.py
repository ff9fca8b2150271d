"""Doors of a resident's own pages below /volunteering/me/, and of the same at the window."""

from django.urls import path

from chenyue.volunteering.views import self_family as family
from chenyue.volunteering.views import self_pages as pages
from chenyue.volunteering.views import self_services as services
from chenyue.volunteering.views import self_window as window
from chenyue.volunteering.views.self_side import at_window, both

urls = [
    path("desk/volunteering/window/", window.window, name="window"),
    path("desk/volunteering/window/open/", window.open_person, name="window-open"),
    path("desk/volunteering/window/new/", window.new_person, name="window-new"),
    path("desk/volunteering/window/finish/", window.finish, name="window-finish"),
    path("desk/volunteering/window/<int:pk>/number/", at_window(window.hands), name="window-hands"),
    *both("home", "", pages.home),
    *both("join", "join/", pages.join),
    *both("change", "change/<slug:what>/", pages.change),
    *both("activities", "activities/", pages.activities),
    *both("sign-up", "activities/<str:number>/sign-up/", pages.sign_up),
    *both("withdraw", "sign-ups/<int:row>/withdraw/", pages.withdraw),
    *both("hours", "hours/", pages.recorded),
    *both("complain", "hours/<int:row>/complain/", pages.complain),
    *both("needs", "needs/", pages.asked),
    *both("need-withdraw", "needs/<str:number>/withdraw/", pages.need_withdraw),
    *both("services", "services/", services.services),
    *both("book", "services/<int:slot>/book/", services.book),
    *both("wait", "services/<int:slot>/wait/", services.wait),
    *both("unwait", "services/<int:slot>/unwait/", services.unwait),
    *both("bookings", "bookings/", services.bookings),
    *both("booking", "bookings/<str:number>/", services.one),
    *both("slip", "bookings/<str:number>/slip/", services.slip),
    *both("cancel", "bookings/<str:number>/cancel/", services.cancel),
    *both("sign", "bookings/<str:number>/sign/", services.sign),
    *both("deny", "bookings/<str:number>/deny/", services.deny),
    *both("appeal", "bookings/<str:number>/appeal/", services.appeal),
    *both("family", "family/", family.family),
    *both("give", "family/<int:row>/give-credits/", family.give),
    *both("tie", "family/<int:row>/<slug:what>/", family.tie),
    *both("donate", "donate/", family.donate),
    *both("certificates", "certificates/", family.certificates),
    *both("paper", "certificates/<int:row>/<slug:kind>/", family.paper),
    *both("data", "data/", family.data),
    *both("statement", "statement/", family.bank_book),
    *both("sign-out", "data/sign-out/", family.sign_out),
]
