"""The door of the boards in the navigation."""

from django.utils.translation import pgettext_lazy

from chenyue.core import chrome

BOARDS = pgettext_lazy("insight", "Boards")
chrome.door("staff", "boards", BOARDS, "insight:board", icon="sun", order=52, word="insight.see")
