"""Doors of volunteers, needs and activities: staff below /desk/volunteering/, everybody below /volunteering/."""

from django.urls import path

from chenyue.volunteering.views import (
    deeds_activities,
    deeds_needs,
    deeds_overview,
    deeds_public,
    deeds_sign_ups,
    deeds_volunteers,
    deeds_weeks,
)

HERE = "desk/volunteering/"
NEED = HERE + "needs/<slug:number>/"
ACTIVITY = HERE + "activities/<slug:number>/"
VOLUNTEER = HERE + "volunteers/<slug:number>/"
PUBLIC = "volunteering/activities/<slug:number>/"

urls = [
    path(HERE, deeds_overview.overview, name="overview"),
    path(HERE + "case/<slug:number>/", deeds_weeks.of_case, name="of-case"),
    path(HERE + "needs/", deeds_needs.listed, name="needs"),
    path(HERE + "needs/new/", deeds_needs.new, name="need-new"),
    path(NEED, deeds_needs.one, name="need"),
    path(NEED + "edit/", deeds_needs.edit, name="need-edit"),
    path(NEED + "verify/", deeds_needs.verify, name="need-verify"),
    path(NEED + "again/", deeds_needs.again, name="need-again"),
    path(NEED + "activity/", deeds_needs.organise, name="need-activity"),
    path(NEED + "contact/", deeds_needs.contact_of, name="need-contact"),
    path(NEED + "ends/<slug:move>/", deeds_needs.ends, name="need-ends"),
    path(HERE + "activities/", deeds_activities.listed, name="activities"),
    path(HERE + "activities/new/", deeds_activities.new, name="activity-new"),
    path(ACTIVITY, deeds_activities.one, name="activity"),
    path(ACTIVITY + "edit/", deeds_activities.edit, name="activity-edit"),
    path(ACTIVITY + "open/", deeds_activities.opens, name="activity-open"),
    path(ACTIVITY + "finish/", deeds_activities.finish, name="activity-finish"),
    path(ACTIVITY + "call-off/", deeds_activities.call_off, name="activity-call-off"),
    path(ACTIVITY + "copies/", deeds_activities.copies, name="activity-copies"),
    path(ACTIVITY + "photos/", deeds_activities.add_photos, name="activity-photos"),
    path(ACTIVITY + "photos/<int:pk>/", deeds_activities.photo, name="activity-photo"),
    path(ACTIVITY + "photos/<int:pk>/remove/", deeds_activities.remove_photo, name="activity-photo-remove"),
    path(ACTIVITY + "sign-ups/", deeds_sign_ups.add, name="activity-sign-up"),
    path(ACTIVITY + "sign-ups/<int:pk>/withdraw/", deeds_sign_ups.withdraw, name="activity-withdraw"),
    path(ACTIVITY + "sign-ups/<int:pk>/mark/", deeds_sign_ups.mark, name="activity-mark"),
    path(ACTIVITY + "invite/", deeds_sign_ups.invite, name="activity-invite"),
    path(HERE + "volunteers/", deeds_volunteers.listed, name="volunteers"),
    path(HERE + "volunteers/new/", deeds_volunteers.new, name="volunteer-new"),
    path(VOLUNTEER, deeds_volunteers.one, name="volunteer"),
    path(VOLUNTEER + "offer/", deeds_volunteers.offer, name="volunteer-offer"),
    path(VOLUNTEER + "person/", deeds_volunteers.person, name="volunteer-person"),
    path(VOLUNTEER + "licence/", deeds_volunteers.licence, name="volunteer-licence"),
    path(VOLUNTEER + "contact/", deeds_volunteers.contact_of, name="volunteer-contact"),
    path(VOLUNTEER + "move/<slug:move>/", deeds_volunteers.move, name="volunteer-move"),
    path(HERE + "skills/", deeds_volunteers.skill_list, name="skills"),
    path(HERE + "skills/new/", deeds_volunteers.skill, name="skill-new"),
    path(HERE + "skills/usual/", deeds_volunteers.usual_skills, name="skills-usual"),
    path(HERE + "skills/<int:pk>/", deeds_volunteers.skill, name="skill"),
    path(HERE + "weeks/", deeds_weeks.listed, name="weeks"),
    path(HERE + "weeks/<int:pk>/", deeds_weeks.one, name="week"),
    path(HERE + "weeks/<int:pk>/drop/", deeds_weeks.drop, name="week-drop"),
    path("volunteering/", deeds_public.listed, name="public"),
    path("volunteering/ask/", deeds_public.ask, name="ask"),
    path("volunteering/calendar/<str:token>/", deeds_public.own_calendar, name="own-calendar"),
    path(PUBLIC, deeds_public.one, name="public-activity"),
    path(PUBLIC + "calendar.ics", deeds_public.calendar_of, name="public-calendar"),
    path(PUBLIC + "photos/<int:pk>/", deeds_public.photo, name="public-photo"),
    path(PUBLIC + "sign-up/", deeds_public.sign_up, name="public-sign-up"),
    path(PUBLIC + "withdraw/", deeds_public.withdraw, name="public-withdraw"),
]
