"""Doors of the gateway."""

from django.urls import path

from chenyue.gateway import views_chat, views_hotline

app_name = "gateway"
urlpatterns = [
    path("chat/", views_chat.chat, name="chat"),
    path("chat/file/", views_chat.chat_file, name="chat-file"),
    path("chat/done/<str:token>/", views_chat.chat_done, name="chat-done"),
    path("hotline/", views_hotline.tables, name="hotline"),
    path("hotline/<int:pk>/", views_hotline.batch, name="hotline-batch"),
    path("hotline/<int:pk>/errors/", views_hotline.errors, name="hotline-errors"),
    path("hotline/<int:pk>/answers/", views_hotline.answers, name="hotline-answers"),
    path("hotline/<int:pk>/<str:act>/", views_hotline.act, name="hotline-act"),
]
