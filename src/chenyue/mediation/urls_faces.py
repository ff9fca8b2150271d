"""Doors of mediation, joined in `urls`: calculators and the parties' own pages."""

from django.urls import URLPattern, path

from chenyue.mediation.views import calculators, own, own_sign

urls: list[URLPattern] = [
    path("desk/mediation/<str:number>/calculators/", calculators.calculators, name="calculators"),
    path("desk/mediation/<str:number>/calculators/new/<str:kind>/", calculators.calculator, name="calculator"),
    path("desk/mediation/<str:number>/calculators/<int:pk>/", calculators.calculation, name="calculation"),
    path(
        "desk/mediation/<str:number>/calculators/<int:pk>/<str:what>/",
        calculators.calculation_do,
        name="calculation-do",
    ),
    path("m/", own.entrance, name="own-entrance"),
    path("m/<str:code>/", own.page, name="own"),
    path("m/<str:code>/papers/<int:number>/", own.paper, name="own-paper"),
    path("m/<str:code>/agreements/<int:n>/sign/", own_sign.sign, name="own-sign"),
    path("m/<str:code>/calculators/<int:pk>/", calculators.party_calculation, name="party-calculation"),
    path("m/<str:code>/<slug:what>/", own.do, name="own-do"),
]
