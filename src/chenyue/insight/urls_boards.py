"""The doors of boards: of staff, and of screens on walls."""

from django.urls import path

from chenyue.insight.views import boards, screens, wall

urlpatterns = [
    path("desk/boards/", boards.board, name="board"),
    path("desk/boards/screens/", screens.screens_page, name="screens"),
    path("desk/boards/screens/<int:pk>/name/", screens.rename, name="screen-rename"),
    path("desk/boards/screens/<int:pk>/renew/", screens.renew, name="screen-renew"),
    path("desk/boards/screens/<int:pk>/revoke/", screens.revoke, name="screen-revoke"),
    path("wall/<str:code>/", wall.wall, name="wall"),
]
