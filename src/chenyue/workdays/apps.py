"""The package as a Django application."""

from django.apps import AppConfig


class Workdays(AppConfig):
    """Registration of `chenyue.workdays`."""

    name = "chenyue.workdays"
    label = "workdays"
