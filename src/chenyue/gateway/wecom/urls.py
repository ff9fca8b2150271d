"""Where WeCom calls us."""

from django.urls import path

from chenyue.gateway.wecom import views

urlpatterns = [path("callback/<str:code>/", views.callback, name="wecom-callback")]
