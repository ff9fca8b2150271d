"""How a reader wants pages to look: text size, theme, language. Kept in cookies, works without script."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from chenyue.core import cookies, site
from chenyue.core.http import see_other

TEXT_SIZES = ("", "large", "xl")
THEMES = ("", "dark")
TEXT_COOKIE, THEME_COOKIE = cookies.named("chenyue_text"), cookies.named("chenyue_theme")
A_YEAR = 365 * 86400


def chosen(request: HttpRequest, cookie: str, among: tuple[str, ...]) -> str:
    """The choice in a cookie; the default for anything that isn't one."""
    value = request.COOKIES.get(cookie, "")
    return value if value in among else ""


def back_to(request: HttpRequest) -> str:
    """The page the reader came from: `next`, the referring page, or the front page; never another site."""
    for url in (request.POST.get("next", ""), request.META.get("HTTP_REFERER", "")):
        if found := site.own(request, str(url), ""):
            return found
    return "/"


def _keep(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(cookie, value, max_age=A_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Take the choices that were posted (`text`, `theme`, `language`) and go back to the page."""
    response = see_other(back_to(request))
    if (text := request.POST.get("text")) is not None and text in TEXT_SIZES:
        _keep(response, TEXT_COOKIE, text)
    if (theme := request.POST.get("theme")) is not None and theme in THEMES:
        _keep(response, THEME_COOKIE, theme)
    if (language := request.POST.get("language")) and check_for_language(language):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for those who build pages (signed-in staff, or a demo office)."""
    from chenyue.core.styleguide import everything

    if not (settings.DEMO or request.user.is_authenticated):
        raise PermissionDenied
    return render(request, "core/styleguide.html", everything(request))
