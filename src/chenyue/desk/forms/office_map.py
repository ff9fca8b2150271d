"""Forms of the office's plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core import office
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


EDGES = ("west", "south", "east", "north")


class GroundForm(Form):
    """Tiles, or a picture with its four edges. All empty: no ground."""

    tiles = forms.CharField(
        label=_("Address of the tiles"), max_length=400, required=False,
        help_text=_("Such as https://…/{z}/{x}/{y}… with the key of your office. Browsers fetch them from there."),
    )  # fmt: skip
    tiles_system = forms.ChoiceField(label=_("Coordinate system of the tiles"), choices=SYSTEMS)
    credit = forms.CharField(
        label=_("Whose map it is"), max_length=120, required=False,
        help_text=_("With its approval number (审图号). It stands on the map."),
    )  # fmt: skip
    image = forms.FileField(label=_("Picture of the ground"), required=False, help_text=_("Your own plan, north up."))
    remove = forms.BooleanField(label=_("Take the picture away"), required=False)
    west = forms.FloatField(label=_("West edge (longitude)"), required=False, min_value=-180, max_value=180)
    south = forms.FloatField(label=_("South edge (latitude)"), required=False, min_value=-90, max_value=90)
    east = forms.FloatField(label=_("East edge (longitude)"), required=False, min_value=-180, max_value=180)
    north = forms.FloatField(label=_("North edge (latitude)"), required=False, min_value=-90, max_value=90)

    @staticmethod
    def now() -> dict[str, Any]:
        """What is set."""
        edges = dict(zip(EDGES, office.get("map_image_bounds"), strict=False))
        names = {"tiles": "map_tiles", "tiles_system": "map_tiles_system", "credit": "map_tiles_credit"}
        return {field: office.get(name) for field, name in names.items()} | edges

    def details(self) -> dict[str, Any]:
        """For `office_ground.save`."""
        found = self.cleaned_data
        edges = [found[name] for name in EDGES if found[name] is not None]
        image = False if found["remove"] else found["image"]
        named = {name: found[name] for name in ("tiles", "tiles_system", "credit")}
        return named | {"image": image, "edges": edges}
