"""The doors of small pains and root-cause projects."""

from django.urls import path

from chenyue.insight.views import pains, roots

HERE = "desk/insight/pains/"
ROOTS = "desk/insight/projects/"
urlpatterns = [
    path(HERE, pains.pains, name="pains"),
    path(f"{HERE}look/", pains.look, name="pains-look"),
    path(f"{HERE}<int:pk>/", pains.pain, name="pain"),
    path(ROOTS, roots.projects, name="roots"),
    path(f"{ROOTS}new/", roots.new, name="root-new"),
    path(f"{ROOTS}<str:number>/", roots.project, name="root"),
    path(f"{ROOTS}<str:number>/edit/", roots.edit, name="root-edit"),
    path(f"{ROOTS}<str:number>/done/", roots.done, name="root-done"),
    path(f"{ROOTS}<str:number>/stop/", roots.stop, name="root-stop"),
    path(f"{ROOTS}<str:number>/reopen/", roots.reopen, name="root-reopen"),
    path(f"{ROOTS}<str:number>/photos/", roots.photos, name="root-photos"),
    path(f"{ROOTS}<str:number>/photos/<str:token>/", roots.photo, name="root-photo"),
    path(f"{ROOTS}<str:number>/photos/<str:token>/small/", roots.small, name="root-photo-small"),
    path(f"{ROOTS}<str:number>/photos/<str:token>/remove/", roots.remove, name="root-photo-remove"),
]
