"""Doors of mediation, joined in `urls`: calculators and the parties' own pages."""

from django.urls import URLPattern, path

from chenyue.mediation.views import calculators

urls: list[URLPattern] = [
    path("desk/mediation/<str:number>/calculators/", calculators.calculators, name="calculators"),
    path("desk/mediation/<str:number>/calculators/new/<str:kind>/", calculators.calculator, name="calculator"),
    path("desk/mediation/<str:number>/calculators/<int:pk>/", calculators.calculation, name="calculation"),
    path(
        "desk/mediation/<str:number>/calculators/<int:pk>/<str:what>/",
        calculators.calculation_do,
        name="calculation-do",
    ),
    path("m/<str:code>/calculators/<int:pk>/", calculators.party_calculation, name="party-calculation"),
]
