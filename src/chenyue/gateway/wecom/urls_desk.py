"""Doors of staff to WeCom; part of the gateway's."""

from django.urls import path

from chenyue.gateway import views_wecom as views

SET_UP = "set-up/channels/wecom/"
urlpatterns = [
    path("wecom/", views.mine, name="wecom-mine"),
    path("wecom/chats/<int:pk>/", views.forward, name="wecom-forward"),
    path("wecom/chats/<int:pk>/drop/", views.drop, name="wecom-drop"),
    path("wecom/accounts/<int:pk>/end/", views.unbind, name="wecom-unbind"),
    path(SET_UP, views.index, name="wecom"),
    path(SET_UP + "new/<slug:kind>/", views.new, name="wecom-new"),
    path(SET_UP + "<int:pk>/", views.edit, name="wecom-edit"),
    path(SET_UP + "people/", views.people, name="wecom-people"),
    path(SET_UP + "log/", views.log, name="wecom-log"),
    path(SET_UP + "log/<int:pk>/again/", views.again, name="wecom-again"),
]
