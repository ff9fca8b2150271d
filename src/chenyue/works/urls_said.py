"""Doors for what homes say, for staff: the register, the doorstep, paper, plans, objections."""

from django.urls import path

from chenyue.works.views import said_door, said_lists, said_objections, said_plans, said_register

ONE = "desk/works/<slug:number>/"
HOME = ONE + "homes/<int:pk>/"
PLAN = ONE + "plans/<int:n>/"
OBJECTION = ONE + "objections/<slug:objection>/"

said = [
    path(ONE + "homes/", said_lists.register, name="register"),
    path(ONE + "homes/import/", said_register.load, name="register-import"),
    path(ONE + "homes/import/errors/", said_register.errors, name="register-errors"),
    path(ONE + "homes/import/empty/", said_register.template, name="register-empty"),
    path(ONE + "homes/doubts/", said_register.doubts, name="doubts"),
    path(HOME + "edit/", said_register.edit, name="home-edit"),
    path(HOME + "owners/", said_register.owners, name="home-owners"),
    path(HOME + "do/<slug:what>/", said_register.act_on, name="home-do"),
    path(ONE + "door/", said_door.door, name="door"),
    path(ONE + "paper/", said_lists.paper, name="paper"),
    path(ONE + "next/", said_lists.next_doors, name="next-doors"),
    path(HOME, said_door.home, name="home"),
    path(HOME + "say/", said_door.say, name="say"),
    path(HOME + "look/", said_door.look, name="home-look"),
    path(HOME + "ballot/", said_door.ballot, name="ballot"),
    path(HOME + "ballots/<int:ballot>/revoke/", said_door.ballot_revoke, name="ballot-revoke"),
    path(HOME + "stances/<int:stance>/withdraw/", said_door.stance_withdraw, name="stance-withdraw"),
    path(HOME + "objection/", said_door.objection, name="home-object"),
    path(HOME + "dispute/", said_door.dispute, name="dispute"),
    path(ONE + "plans/", said_plans.versions, name="plans"),
    path(ONE + "plans/new/", said_plans.new, name="plan-new"),
    path(PLAN, said_plans.draft, name="plan"),
    path(PLAN + "compare/", said_plans.compare, name="compare"),
    path(PLAN + "part/", said_plans.part, name="part-new"),
    path(PLAN + "part/<str:key>/", said_plans.part, name="part"),
    path(PLAN + "<slug:what>/", said_plans.act_on, name="plan-do"),
    path(ONE + "objections/", said_objections.board, name="objections"),
    path(ONE + "objections/new/", said_objections.new, name="objection-new"),
    path(OBJECTION, said_objections.objection, name="objection"),
    path(OBJECTION + "answer/", said_objections.answer, name="objection-answer"),
    path(OBJECTION + "respond/", said_objections.respond, name="objection-respond"),
    path(OBJECTION + "give/", said_objections.give, name="objection-give"),
    path(OBJECTION + "pass-on/", said_objections.pass_on, name="objection-pass-on"),
    path(OBJECTION + "withdraw/", said_objections.withdraw, name="objection-withdraw"),
]
