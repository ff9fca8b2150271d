"""Doors of the gateway."""

from django.urls import path

from chenyue.gateway import views_chat

app_name = "gateway"
urlpatterns = [
    path("chat/", views_chat.chat, name="chat"),
    path("chat/file/", views_chat.chat_file, name="chat-file"),
    path("chat/done/<str:token>/", views_chat.chat_done, name="chat-done"),
]
