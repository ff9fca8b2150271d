"""Doors of signing in, one's own account, and the people of the office."""

from django.urls import path

from chenyue.people import person_views as person
from chenyue.people import privacy_views as privacy
from chenyue.people import staff_views as staff
from chenyue.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/second/", views.second_step, name="second-step"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/second-factor/", views.second_factor, name="second-factor"),
    path("account/second-factor/remove/", views.remove_factor, name="remove-factor"),
    path("account/recovery-codes/", views.recovery_codes, name="recovery-codes"),
    path("people/members/", staff.members, name="members"),
    path("people/members/new/", staff.new_member, name="new-member"),
    path("people/members/<int:pk>/", staff.member, name="member"),
    path("people/members/<int:pk>/active/", staff.member_active, name="member-active"),
    path("people/members/<int:pk>/password/", staff.member_password, name="member-password"),
    path("people/members/<int:pk>/second-factor/", staff.member_factor, name="member-factor"),
    path("people/members/<int:pk>/grants/", staff.give, name="give-grant"),
    path("people/grants/<int:pk>/take/", staff.take, name="take-grant"),
    path("people/units/", staff.units, name="units"),
    path("people/units/new/", staff.new_unit, name="new-unit"),
    path("people/units/<slug:code>/", staff.unit, name="unit"),
    path("people/units/<slug:code>/active/", staff.unit_active, name="unit-active"),
    path("people/roles/", staff.roles, name="roles"),
    path("people/roles/new/", staff.new_role, name="new-role"),
    path("people/roles/<slug:code>/", staff.role, name="role"),
    path("people/requests/", privacy.requests, name="requests"),
    path("people/requests/new/", privacy.new_request, name="new-request"),
    path("people/requests/<int:pk>/", privacy.request_page, name="request"),
    path("people/requests/<int:pk>/identity/", privacy.identity, name="request-identity"),
    path("people/requests/<int:pk>/copy/", privacy.copy, name="request-copy"),
    path("people/requests/<int:pk>/person/", person.page, name="person"),
    path("people/requests/<int:pk>/person/lock/", person.lock, name="person-lock"),
    path("people/requests/<int:pk>/person/correct/", person.correct, name="person-correct"),
    path("people/requests/<int:pk>/person/consents/<slug:purpose>/withdraw/", person.withdraw, name="person-withdraw"),
    path("people/consents/", privacy.consents, name="consents"),
]
