"""Doors of proposals of re-assignment."""

from django.urls import URLPattern, path

from chenyue.stewards.views import plans as v

plans: list[URLPattern] = [
    path("desk/stewards/plans/", v.plans, name="plans"),
    path("desk/stewards/plans/<int:pk>/", v.plan, name="plan"),
    path("desk/stewards/plans/<int:pk>/<str:what>/", v.plan_act, name="plan-act"),
]
