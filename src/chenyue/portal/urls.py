"""Doors of the residents' pages: no account, no sign-in."""

from django.urls import path

from chenyue.portal import urls_door, views, views_follow, views_sign_in, views_tell, views_visit

app_name = "portal"
urlpatterns = [
    *urls_door.doors,
    path("", views.home, name="home"),
    path("tell/", views_tell.tell, name="tell"),
    path("tell/look/", views_tell.look, name="tell-look"),
    path("tell/places/", views_tell.places, name="tell-places"),
    path("q/<slug:code>/", views_tell.tell, name="door"),
    path("received/<str:receipt>/", views_follow.receipt, name="receipt"),
    path("follow/", views_follow.follow, name="follow"),
    path("p/<str:receipt>/", views_follow.progress_page, name="progress"),
    path("p/<str:receipt>/words/", views_follow.add_words, name="add-words"),
    path("p/<str:receipt>/withdraw/", views_follow.withdraw, name="withdraw"),
    path("p/<str:receipt>/rating/", views_follow.rate_here, name="rate-here"),
    path("p/<str:receipt>/files/<str:token>/", views_follow.photo, name="file"),
    path("r/<str:token>/", views_follow.rate, name="rate"),
    path("v/<str:token>/", views_visit.visit, name="visit"),
    path("me/sign-in/", views_sign_in.phone, name="sign-in"),
    path("me/sign-in/code/", views_sign_in.code, name="sign-in-code"),
    path("me/sign-in/name/", views_sign_in.name, name="sign-in-name"),
    path("me/sign-out/", views_sign_in.leave, name="sign-out"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/my-data/", views.my_data, name="my-data"),
]
