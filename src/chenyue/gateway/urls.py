"""Doors of the gateway."""

from django.urls import path

from chenyue.gateway import (
    views_calendars,
    views_chat,
    views_hotline,
    views_machines,
    views_mail,
    views_open311,
    views_webhooks,
)
from chenyue.gateway.wecom import urls_desk as wecom

app_name = "gateway"
urlpatterns = [
    *wecom.urlpatterns,
    path("chat/", views_chat.chat, name="chat"),
    path("chat/file/", views_chat.chat_file, name="chat-file"),
    path("chat/done/<str:token>/", views_chat.chat_done, name="chat-done"),
    path("open311/", views_open311.index, name="open311"),
    path("open311/services/<str:code>/", views_open311.service, name="open311-set"),
    path("open311/keys/new/", views_open311.key, name="open311-key"),
    path("open311/keys/<int:pk>/end/", views_open311.revoke, name="open311-revoke"),
    path("open311/words/", views_open311.words, name="open311-words"),
    path("open311/words/<str:number>/", views_open311.publish, name="open311-publish"),
    path("calendars/", views_calendars.calendars, name="calendars"),
    path("calendars/<int:pk>/end/", views_calendars.end, name="calendar-end"),
    path("machines/", views_machines.mine, name="my-machines"),
    path("machines/<int:pk>/take/", views_machines.take, name="machine-take"),
    path("machines/<int:pk>/end/", views_machines.revoke, name="machine-revoke"),
    path("set-up/machines/", views_machines.machines, name="machines"),
    path("set-up/machines/new/", views_machines.new, name="machine-new"),
    path("set-up/machines/webhook/", views_webhooks.new, name="webhook-new"),
    path("machines/webhooks/<int:pk>/", views_webhooks.webhook, name="webhook"),
    path("machines/webhooks/<int:pk>/test/", views_webhooks.ping, name="webhook-ping"),
    path("machines/webhooks/<int:pk>/log/<int:delivery>/", views_webhooks.again, name="webhook-again"),
    path("machines/webhooks/<int:pk>/<slug:act>/", views_webhooks.act, name="webhook-act"),
    path("set-up/mail-in/", views_mail.letters, name="mail-in"),
    path("hotline/", views_hotline.tables, name="hotline"),
    path("hotline/<int:pk>/", views_hotline.batch, name="hotline-batch"),
    path("hotline/<int:pk>/errors/", views_hotline.errors, name="hotline-errors"),
    path("hotline/<int:pk>/answers/", views_hotline.answers, name="hotline-answers"),
    path("hotline/<int:pk>/<str:act>/", views_hotline.act, name="hotline-act"),
]
