"""The doors of `chenyue.insight`, for staff who see figures."""

from django.urls import path

from chenyue.insight import urls_boards, urls_brief, urls_open, urls_pains
from chenyue.insight.views import figures

app_name = "insight"
urlpatterns = [
    path("desk/insight/", figures.figures, name="figures"),
    path("desk/insight/backlog/<slug:axis>/", figures.backlog, name="backlog"),
    path("desk/insight/workload/", figures.load, name="workload"),
    path("desk/insight/<slug:code>/by/<slug:axis>/", figures.compared, name="compared"),
    *urls_boards.urlpatterns,
    *urls_brief.urlpatterns,
    *urls_open.urlpatterns,
    *urls_pains.urlpatterns,
]
