"""The doors of `chenyue.mediation`: staff under /desk/mediation/, parties under /m/."""

from django.urls import URLPattern

app_name = "mediation"
urlpatterns: list[URLPattern] = []
