"""The doors of `chenyue.upkeep`, for whoever looks after the machine."""

from django.urls import path

from chenyue.upkeep import views_backup

app_name = "upkeep"
urlpatterns = [
    path("desk/backup/", views_backup.backups, name="backups"),
    path("desk/backup/folder/", views_backup.folder, name="backup-folder"),
    path("desk/backup/rules/", views_backup.rules, name="backup-rules"),
    path("desk/backup/begin/", views_backup.begin, name="backup-begin"),
    path("desk/backup/sheet/", views_backup.sheet, name="backup-sheet"),
    path("desk/backup/put-away/", views_backup.put_away, name="backup-put-away"),
    path("desk/backup/renew/", views_backup.renew, name="backup-renew"),
]
