"""Forms of the office's plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.places.coordinates import System

SYSTEMS = [
    (System.WGS84.value, _("WGS-84 or CGCS2000 (GPS, surveys, 天地图)")),
    (System.GCJ02.value, _("GCJ-02 (高德, 腾讯)")),
    (System.BD09.value, _("BD-09 (百度)")),
]


class FootprintForm(Form):
    """A file of outlines, and the coordinate system that it is in."""

    file = forms.FileField(label=_("GeoJSON file"))
    system = forms.ChoiceField(label=_("Coordinate system of the file"), choices=SYSTEMS, initial="wgs84")
