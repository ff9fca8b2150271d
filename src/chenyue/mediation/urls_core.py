"""Doors of mediation: the board, taking disputes in, one mediation, its people, the registers."""

from django.urls import path

from chenyue.mediation.views import board, complaints, mediators, one, opening, people, registers, rights

HERE = "desk/mediation/"
ONE = HERE + "<slug:number>/"
REGISTER = HERE + "committees/"
PARTY = ONE + "people/<int:pk>/"

urls = [
    path(HERE, board.board, name="board"),
    path(HERE + "new/", opening.new, name="new"),
    path(HERE + "case/<slug:number>/", board.of_case, name="of-case"),
    path(HERE + "case/<slug:number>/open/", opening.from_case, name="open"),
    path(REGISTER, registers.committees, name="committees"),
    path(REGISTER + "days/", registers.days, name="days"),
    path(REGISTER + "new/", registers.committee, name="committee-new"),
    path(REGISTER + "<int:pk>/", registers.committee, name="committee"),
    path(REGISTER + "mediators/new/", registers.mediator, name="mediator-new"),
    path(REGISTER + "mediators/<int:pk>/", registers.mediator, name="mediator"),
    path(REGISTER + "mediators/<int:pk>/revoke/", registers.revoke, name="mediator-revoke"),
    path(REGISTER + "mediators/<int:pk>/ties/", registers.ties, name="ties"),
    path(REGISTER + "mediators/<int:pk>/ties/<int:tie>/drop/", registers.tie_drop, name="tie-drop"),
    path(REGISTER + "keeping/", registers.keeping, name="keeping"),
    path(REGISTER + "complaints/", complaints.listed, name="complaints"),
    path(REGISTER + "complaints/<int:pk>/", complaints.one, name="complaint"),
    path(REGISTER + "complaints/<int:pk>/paper/", complaints.paper, name="complaint-paper"),
    path(ONE, one.one, name="one"),
    path(ONE + "edit/", opening.told, name="told"),
    path(ONE + "screening/", opening.screen, name="screening"),
    path(ONE + "accept/", opening.accept, name="accept"),
    path(ONE + "not-accept/", opening.not_accept, name="not-accept"),
    path(ONE + "screen-again/", opening.screen_again, name="screen-again"),
    path(ONE + "merge/<slug:into>/", opening.merge, name="merge"),
    path(ONE + "begin/", one.begin, name="begin"),
    path(ONE + "again/", one.again, name="again"),
    path(ONE + "more-time/", one.more_time, name="more-time"),
    path(ONE + "end/", one.end, name="end"),
    path(ONE + "invited/", one.invited, name="invited"),
    path(ONE + "invitations/<int:pk>/reply/", one.reply, name="invitation-reply"),
    path(ONE + "invitations/new/", mediators.invite, name="invite"),
    path(ONE + "complaints/new/", complaints.new, name="complaint-new"),
    path(ONE + "openness/", rights.openness_page, name="openness"),
    path(ONE + "risks/", one.risk_list, name="risks"),
    path(ONE + "risks/<int:pk>/told/", one.risk_told, name="risk-told"),
    path(ONE + "risks/<int:pk>/over/", one.risk_over, name="risk-over"),
    path(ONE + "people/", people.everybody, name="people"),
    path(ONE + "people/new/", people.party, name="party-new"),
    path(PARTY, people.party, name="party"),
    path(PARTY + "died/", people.died, name="party-died"),
    path(PARTY + "leave/", people.leave, name="party-leave"),
    path(PARTY + "say/<slug:question>/", people.say, name="say"),
    path(PARTY + "say/<slug:question>/<str:matter>/", people.say, name="say-to"),
    path(ONE + "look/<slug:kind>/<int:pk>/", people.look, name="look"),
    path(ONE + "consents/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path(ONE + "speakers/new/", people.speaker, name="speaker-new"),
    path(ONE + "speakers/<int:pk>/end/", people.speaker_end, name="speaker-end"),
    path(ONE + "rights/", people.rights, name="rights"),
    path(ONE + "mediators/", mediators.appoint, name="mediators"),
    path(ONE + "mediators/<int:pk>/tie/", mediators.tie, name="tie"),
    path(ONE + "mediators/<int:pk>/disclose/", mediators.disclose, name="disclose"),
    path(ONE + "mediators/<int:pk>/end/<slug:why>/", mediators.end, name="appointment-end"),
]
