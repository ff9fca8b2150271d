"""The package as a Django application."""

from django.apps import AppConfig


class Demo(AppConfig):
    """Registration of `chenyue.demo`."""

    name = "chenyue.demo"
    label = "demo"
