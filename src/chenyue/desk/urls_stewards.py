"""Doors of the desk to stewards: what needs cases beside them, or the reading of tables."""

from django.urls import path

from chenyue.desk.views import stewards

urlpatterns = [
    path("stewards/import/", stewards.load, name="stewards-import"),
    path("stewards/hand-overs/<int:pk>/", stewards.hand_over, name="hand-over"),
]
