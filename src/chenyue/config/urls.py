"""All doors of the product."""

from django.urls import URLPattern, URLResolver, include, path

from chenyue.core import views
from chenyue.core.addresses import all_shortened
from chenyue.desk.views.demo import demo
from chenyue.gateway.views_calendars import feed

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("", include("chenyue.core.urls")),
    path("", include("chenyue.people.urls")),
    path("desk/notices/", include("chenyue.notify.urls")),
    path("", include("chenyue.reception.urls")),
    path("", include("chenyue.stewards.urls")),
    path("", include("chenyue.works.urls")),
    path("", include("chenyue.mediation.urls")),
    path("", include("chenyue.volunteering.urls")),
    path("", include("chenyue.bulletin.urls")),
    path("", include("chenyue.insight.urls")),
    path("", include("chenyue.upkeep.urls")),
    path("api/", include("chenyue.gateway.api.urls")),
    path("calendar/<str:token>.ics", feed, name="calendar-feed"),
    path("open311/", include("chenyue.gateway.open311.urls")),
    path("wecom/", include("chenyue.gateway.wecom.urls")),
    path("desk/", include("chenyue.gateway.urls")),
    path("desk/", include("chenyue.desk.urls")),
    path("demo/", demo, name="demo"),
    path("", include("chenyue.portal.urls")),
]
urlpatterns = all_shortened(urlpatterns)

handler400 = "chenyue.core.views.bad_request"
handler403 = "chenyue.core.views.not_allowed"
handler404 = "chenyue.core.views.not_found"
handler500 = "chenyue.core.views.failed"
