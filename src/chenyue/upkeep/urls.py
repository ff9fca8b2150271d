"""The doors of `chenyue.upkeep`, for whoever looks after the machine."""

from django.urls import path

from chenyue.upkeep import views_backup, views_keeping, views_spooled

app_name = "upkeep"
urlpatterns = [
    path("desk/backup/", views_backup.backups, name="backups"),
    path("desk/backup/folder/", views_backup.folder, name="backup-folder"),
    path("desk/backup/rules/", views_backup.rules, name="backup-rules"),
    path("desk/backup/begin/", views_backup.begin, name="backup-begin"),
    path("desk/backup/sheet/", views_backup.sheet, name="backup-sheet"),
    path("desk/backup/put-away/", views_backup.put_away, name="backup-put-away"),
    path("desk/backup/renew/", views_backup.renew, name="backup-renew"),
    path("desk/kept/", views_spooled.listed, name="spooled"),
    path("desk/kept/<slug:mark>/", views_spooled.one, name="spooled-one"),
    path("desk/kept/<slug:mark>/again/", views_spooled.again, name="spooled-again"),
    path("desk/kept/<slug:mark>/discard/", views_spooled.discard, name="spooled-discard"),
    path("desk/keeping/", views_keeping.keeping, name="keeping"),
    path("desk/keeping/hold/", views_keeping.hold, name="keeping-hold"),
    path("desk/keeping/hold/<int:pk>/lift/", views_keeping.lift, name="keeping-lift"),
    path("desk/keeping/asked/<int:pk>/agree/", views_keeping.agree, name="keeping-agree"),
    path("desk/keeping/asked/<int:pk>/refuse/", views_keeping.refuse, name="keeping-refuse"),
    path("desk/keeping/<str:kind>/", views_keeping.kind, name="keeping-kind"),
    path("desk/keeping/<str:kind>/days/", views_keeping.choose, name="keeping-choose"),
    path("desk/keeping/<str:kind>/ask/", views_keeping.ask, name="keeping-ask"),
    path("desk/keeping/<str:kind>/stop/", views_keeping.stop, name="keeping-stop"),
]
