"""The doors of `chenyue.stewards`."""

from django.urls import URLPattern, URLResolver

from chenyue.stewards import urls_core, urls_papers, urls_plan

app_name = "stewards"
urlpatterns: list[URLPattern | URLResolver] = [*urls_core.urlpatterns, *urls_papers.doors, *urls_plan.plans]
