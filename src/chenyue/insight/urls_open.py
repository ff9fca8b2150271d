"""Pages of open data: everybody's below /open-data/, staff's below /desk/insight/open-data/."""

from django.urls import path

from chenyue.insight.views import open_data

HERE, ONE = "desk/insight/open-data/", "desk/insight/open-data/<slug:month>/"
urlpatterns = [
    path("open-data/", open_data.public, name="open-public"),
    path("open-data/<slug:month>.csv", open_data.table, name="open-table"),
    path(HERE, open_data.listed, name="open-list"),
    path(HERE + "settings/", open_data.settings, name="open-settings"),
    path(ONE, open_data.month, name="open-month"),
    path(ONE + "publish/", open_data.publish, name="open-publish"),
    path(ONE + "withdraw/", open_data.withdraw, name="open-withdraw"),
]
