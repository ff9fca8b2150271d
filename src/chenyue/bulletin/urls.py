"""The doors of `chenyue.bulletin`: readers below /news/, staff below /desk/bulletin/."""

from django.urls import path

from chenyue.bulletin.views import desk, public

app_name = "bulletin"
HERE, ONE = "desk/bulletin/", "desk/bulletin/<slug:number>/"
urlpatterns = [
    path("news/", public.listed, name="public-list"),
    path("news/hand-in/", public.hand_in, name="hand-in"),
    path("news/hand-in/<slug:code>/", public.handed_in, name="handed-in"),
    path("news/feed/<slug:kind>.xml", public.feed, name="feed"),
    path("news/pictures/<slug:token>/", public.picture, name="picture"),
    path("news/pictures/<slug:token>/small/", public.small, name="picture-small"),
    path("news/<slug:number>/", public.piece, name="public"),
    path(HERE, desk.desk, name="desk"),
    path(HERE + "new/", desk.new, name="new"),
    path(ONE, desk.piece, name="piece"),
    path(ONE + "edit/", desk.edit, name="edit"),
    path(ONE + "checks/", desk.checks, name="checks"),
    path(ONE + "release/", desk.release, name="release"),
    path(ONE + "pictures/", desk.photos, name="photos"),
    path(ONE + "pictures/<int:pk>/<slug:what>/", desk.photo, name="photo"),
    path(ONE + "say/<slug:what>/", desk.say, name="say"),
    path(ONE + "do/<slug:what>/", desk.do, name="do"),
]
