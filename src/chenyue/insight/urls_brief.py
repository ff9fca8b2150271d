"""Pages of briefs."""

from django.urls import path

from chenyue.insight.views import briefs

HERE, ONE = "desk/insight/briefs/", "desk/insight/briefs/<int:pk>/"
urlpatterns = [
    path(HERE, briefs.listed, name="briefs"),
    path(HERE + "new/", briefs.new, name="brief-new"),
    path(HERE + "readers/", briefs.readers, name="brief-readers"),
    path(ONE, briefs.brief, name="brief"),
    path(ONE + "edit/", briefs.edit, name="brief-edit"),
    path(ONE + "preview/<slug:kind>/", briefs.preview, name="brief-preview"),
    path(ONE + "file/<slug:kind>/", briefs.file, name="brief-file"),
    path(ONE + "release/", briefs.release, name="brief-release"),
    path(ONE + "again/", briefs.again, name="brief-again"),
    path(ONE + "take-back/", briefs.take_back, name="brief-take-back"),
]
