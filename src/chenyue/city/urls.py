"""The doors between offices, for staff."""

from django.urls import path

from chenyue.city import views

app_name = "city"
urlpatterns = [
    path("", views.hand_overs, name="hand-overs"),
    path("cases/<str:number>/", views.hand_over, name="hand-over"),
    path("counts/", views.counts, name="counts"),
]
