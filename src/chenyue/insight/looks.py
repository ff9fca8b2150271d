"""The door of the figures in the navigation."""

from django.utils.translation import pgettext_lazy

from chenyue.core import chrome

FIGURES = pgettext_lazy("insight", "Figures")
chrome.door("staff", "insight", FIGURES, "insight:figures", icon="chart-bar", order=51, word="insight.see")
