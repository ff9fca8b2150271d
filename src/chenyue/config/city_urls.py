"""All doors where one installation serves many offices: those of every office, and those between them."""

from django.urls import include, path

from chenyue.config import urls

urlpatterns = [path("desk/city/", include("chenyue.city.urls")), *urls.urlpatterns]

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
