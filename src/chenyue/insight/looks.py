"""The door of the figures in the navigation."""

from django.utils.translation import pgettext_lazy

from chenyue.core import chrome

chrome.door("staff", "insight", pgettext_lazy("insight", "Figures"), "insight:figures", icon="chart-bar", order=51, word="insight.see")
