"""The gateway's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome

chrome.door("staff", "chat", _("Group chat"), "gateway:chat", icon="message-circle", order=26, word="case.file")
