"""QR codes as pictures that print sharply and need no file."""

import io

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def svg(content: str, label: str) -> SafeString:
    """An inline SVG of a QR code; `label` is what a screen reader says instead."""
    # Only numbers and fixed attributes come out of segno: the content itself is drawn, not written.
    drawn = segno.make(content, error="m", micro=False).svg_inline(
        omitsize=True, border=2, svgclass=None, lineclass=None, unit=None
    )
    return format_html('<div class="qr" role="img" aria-label="{}">{}</div>', label, mark_safe(drawn))  # noqa: S308 — see above


def drawing(content: str) -> str:
    """The same as a picture of its own for papers: SVG, black on white, with the quiet zone that readers need."""
    out = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        out, kind="svg", border=2, omitsize=True, xmldecl=False, svgns=True, svgclass=None, lineclass=None, light="#fff"
    )
    return out.getvalue().decode()
