"""Doors of projects and their sites, for staff."""

from django.urls import path

from chenyue.works.views import (
    site_calendar,
    site_defects,
    site_letters,
    site_photos,
    site_postings,
    site_project,
    site_report,
)

HERE = "desk/works/"
ONE = HERE + "<slug:number>/"

site = [
    path(HERE, site_project.project_list, name="projects"),
    path(HERE + "new/", site_project.edit, name="project-new"),
    path(ONE, site_project.project, name="project"),
    path(ONE + "edit/", site_project.edit, name="project-edit"),
    path(ONE + "publish/", site_project.publish, name="project-publish"),
    path(ONE + "move/<slug:to>/", site_project.move, name="project-move"),
    path(ONE + "calendar/", site_calendar.plan, name="calendar"),
    path(ONE + "calendar/new/", site_calendar.phase, name="phase-new"),
    path(ONE + "calendar/<int:pk>/", site_calendar.phase, name="phase"),
    path(ONE + "calendar/<int:pk>/cancel/", site_calendar.phase_cancel, name="phase-cancel"),
    path(ONE + "calendar/<int:pk>/<slug:to>/", site_calendar.phase_move, name="phase-move"),
    path(ONE + "notices/", site_postings.notices, name="postings"),
    path(ONE + "notices/new/", site_postings.notice, name="posting-new"),
    path(ONE + "notices/<int:pk>/", site_postings.notice, name="posting"),
    path(ONE + "notices/<int:pk>/hang/", site_postings.hang, name="posting-hang"),
    path(ONE + "notices/<int:pk>/withdraw/", site_postings.withdraw, name="posting-withdraw"),
    path(ONE + "defects/", site_defects.board, name="defects"),
    path(ONE + "defects/new/", site_defects.new, name="defect-new"),
    path(ONE + "defects/<slug:defect>/", site_defects.defect, name="defect"),
    path(ONE + "defects/<slug:defect>/answer/", site_defects.answer, name="defect-answer"),
    path(ONE + "defects/<slug:defect>/check/", site_defects.check, name="defect-check"),
    path(ONE + "photos/", site_photos.pictures, name="photos"),
    path(ONE + "files/<int:pk>/", site_photos.file, name="file"),
    path(ONE + "files/<int:pk>/small/", site_photos.preview, name="file-preview"),
    path(ONE + "files/<int:pk>/show/", site_photos.show, name="file-show"),
    path(ONE + "report/", site_report.report, name="report"),
    path(ONE + "report/<slug:kind>/", site_report.file, name="report-file"),
    path(ONE + "letters/", site_letters.letters, name="letters"),
    path(ONE + "board/", site_letters.board, name="board"),
    path(ONE + "cases/", site_photos.born, name="cases"),
    path(ONE + "cases/<int:pk>/unlink/", site_photos.unborn, name="case-unlink"),
]
