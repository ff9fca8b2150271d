"""The doors of `chenyue.volunteering`: staff below /desk/volunteering/, residents below /volunteering/."""

from django.urls import URLPattern

app_name = "volunteering"
urlpatterns: list[URLPattern] = []
