"""The look: contrast of every declared pair in both themes, and the budgets of styles and scripts."""

import gzip
import re
from pathlib import Path

import pytest

import chenyue.core

STATIC = Path(chenyue.core.__file__).parent / "static/core"
TOKENS = (STATIC / "css/tokens.css").read_text()
# screens.md, "The look": these are given.
GIVEN = {
    "paper": "#FCFAF6", "surface": "#FFFFFF", "ink": "#1F2328", "quiet": "#57606A", "line": "#D8D4CC",
    "brand": "#A8321F", "sunrise": "#E0902F", "done": "#1E6B52", "wait": "#1B5E8C", "due": "#8A5A00", "late": "#A1121F",
}  # fmt: skip
SUFFICIENT = {"text": 4.5, "edge": 3.0}


def theme(selector: str) -> dict[str, str]:
    """The colours of a theme; what it does not name comes from the light one."""
    block = re.search(re.escape(selector) + r"\s*\{(.*?)\n  \}", TOKENS, re.S)
    assert block
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9A-F]{6});", block[1]))


THEMES = {"light": theme(":root"), "dark": theme(":root") | theme('[data-theme="dark"]')}


def pairs() -> list[tuple[str, float, str, str]]:
    found = []
    for kind, wanted, front, backs in re.findall(r"(text|edge) ([\d.]+): ([a-z-]+) on ([a-z -]+)", TOKENS):
        found.extend((kind, float(wanted), front, back) for back in backs.split())
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_known_values():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("mode", THEMES)
def test_every_declared_pair_can_be_read(mode):
    declared = pairs()
    assert len(declared) > 35
    for kind, wanted, front, back in declared:
        assert wanted >= SUFFICIENT[kind]
        found = contrast(THEMES[mode][front], THEMES[mode][back])
        assert found >= wanted, f"{mode}: {front} on {back} has {found:.2f}:1, needs {wanted}:1"


def test_the_given_colours_are_those_of_the_design():
    assert {name: THEMES["light"][name] for name in GIVEN} == GIVEN


def test_sunrise_is_never_used_for_text():
    for sheet in STATIC.glob("css/*.css"):
        for rule in re.findall(r"([^{}]+)\{[^{}]*[^-]color: var\(--sunrise\)", sheet.read_text()):
            assert rule.strip().endswith(".icon"), rule


def test_each_colour_is_named_in_tokens_only():
    for sheet in STATIC.glob("css/*.css"):
        if sheet.name not in ("tokens.css", "print.css"):
            named = re.findall(r"#[0-9A-Fa-f]{3,8}\b", sheet.read_text())
            assert set(named) <= {"#FFFFFF"}, f"{sheet.name}: {named}"  # white behind a QR code in any theme


def test_elder_text_grows_as_the_rules_ask():
    assert "--text: 106.25%" in TOKENS  # 17 of 16
    assert "--text: 137.5%" in TOKENS  # 22
    assert "--text: 187.5%" in TOKENS  # 30
    assert TOKENS.count("--target: 60px") == 2


def test_styles_and_scripts_stay_within_their_budgets():
    styles = b"".join(sheet.read_bytes() for sheet in sorted(STATIC.glob("css/*.css")))
    assert len(gzip.compress(styles)) <= 15 * 1024
    lines = {script.stem: len(script.read_text().splitlines()) for script in STATIC.glob("js/*.js")}
    assert lines.pop("proof") <= 100  # fetched only in a flood
    assert sum(lines.values()) <= 300
