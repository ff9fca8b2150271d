"""Signing in, made stronger: words of the office are no passwords, an office may ask everybody for a second factor."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from chenyue.core import office
from chenyue.people import factors

SRC = str(Path(__file__).resolve().parents[2] / "src")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tried", ["chenyue2026", "晨约晨约晨约2026", "cgjdbsc2026", "晨光街道办事处1", "jiedao123!", "密码woaini99"]
)
def test_what_people_would_try_first_is_no_password(tried: str) -> None:
    office.put(name="晨光街道办事处", short_name="晨光街道")
    with pytest.raises(ValidationError):
        validate_password(tried.ljust(10, "1"))


@pytest.mark.django_db
@pytest.mark.parametrize("tried", ["三棵树下等雨停再走", "chenyue is where my rabbit lives", "x" * 100 + "7q"])
def test_sentences_are_passwords_however_long(tried: str) -> None:
    validate_password(tried + "，早上")


def test_an_office_may_ask_for_a_second_factor(cast: Any, client_of: Any) -> None:
    office.put(second_factor_for="contact")
    li, sun = client_of(cast.li), client_of(cast.sun)
    for path in ("/desk/", "/desk/cases/", "/people/members/"):
        answer = li.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/account/second-factor/"), path
    assert li.get("/account/second-factor/").status_code == 200
    assert li.post("/desk/new/", {}).status_code == 302  # nothing is done before it
    assert factors.missing(cast.sun) == bool({"contact.see"} & set(words_of(cast.sun)))
    office.put(second_factor_for="all")
    assert sun.get("/desk/").status_code == 302
    cast.sun.second_factor = True
    assert not factors.missing(cast.sun)
    office.put(demo=True)
    assert li.get("/desk/").status_code == 200


def words_of(member: Any) -> set[str]:
    from chenyue.people.scope import all_scopes

    return set(all_scopes(member))


def test_signing_out_clears_what_the_browser_kept(cast: Any, client_of: Any) -> None:
    assert client_of(cast.li).post("/sign-out/").headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.own_database
def test_cookies_are_bound_to_this_host_over_https() -> None:
    asked = (
        "import django; django.setup(); from django.conf import settings as s; from chenyue.people import devices, "
        "phone_codes, resident_session, spraying; from chenyue.core import look; print(*[s.SESSION_COOKIE_NAME, "
        "s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, devices.COOKIE, phone_codes.COOKIE, resident_session.COOKIE, "
        "spraying.COOKIE, look.TEXT_COOKIE, look.THEME_COOKIE], s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    )
    wanted = {"CHENYUE_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "chenyue.config.settings", "PYTHONPATH": SRC}
    told = [sys.executable, "-c", asked]
    said = subprocess.run(told, env=os.environ | wanted, capture_output=True, text=True, check=True)
    *names, subdomains = said.stdout.split()
    assert len(names) == 9
    assert all(name.startswith("__Host-") for name in names)
    assert subdomains == "True"
