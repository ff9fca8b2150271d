"""Doors of one's own notices. Included under /desk/notices/."""

from django.urls import path

from chenyue.notify import views

app_name = "notify"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.read_all, name="read-all"),
    path("<int:pk>/open/", views.open_notice, name="open"),
]
