"""What one may be allowed to do: binary words. Which roles carry them is data."""

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence

# What these open is the whole office's: a grant that is bound to a unit or a place doesn't carry them.
OF_THE_WHOLE = {"catalogue.edit", "people.edit", "places.edit", "office.setup", "texts.edit"}
OF_THE_WHOLE |= {"timeline.audit", "notify.resend", "privacy.handle"}
OF_THE_WHOLE |= {"triage.choose", "machine.manage"}
OF_THE_WHOLE |= {"reception.serve", "reception.roster", "reception.venues"}
OF_THE_WHOLE |= {"steward.manage", "works.manage", "hotline.import"}
OF_THE_WHOLE |= {"mediation.see", "mediation.conduct", "mediation.manage"}
OF_THE_WHOLE |= {"insight.manage", "bulletin.release", "upkeep.manage"}
OF_THE_WHOLE |= {"volunteering.see", "volunteering.serve", "volunteering.credits", "volunteering.contracts"}
WORDS: dict[str, Sentence] = {
    "case.see": _("See cases"),
    "case.file": _("Take down appeals"),
    "case.triage": _("Confirm what it is and where"),
    "case.dispatch": _("Dispatch and reassign"),
    "case.work": _("Accept, work on and answer cases of the unit"),
    "case.settle": _("Settle at once"),
    "case.suspend": _("Stop and restart the clock"),
    "case.extend": _("Ask for more time"),
    "case.extend.grant": _("Grant more time"),
    "case.supervise": _("Remind and supervise"),
    "case.whistle": _("Call the units together"),
    "case.review_return": _("Decide on returns"),
    "case.review_answer": _("Decide on refused answers"),
    "case.close": _("Close cases"),
    "case.reopen": _("Reopen cases"),
    "case.join": _("Join and split cases"),
    "case.export": _("Export cases"),
    "hotline.import": _("Import tables of the hotline and hand back answers"),
    "callback.make": _("Make callbacks"),
    "callback.exclude": _("Exclude callbacks from the rates"),
    "contact.see": _("See contact data, with a reason"),
    "reception.serve": _("Receive visitors and keep the queue"),
    "reception.roster": _("Plan who receives and approve swaps"),
    "reception.venues": _("Change venues and their hours"),
    "steward.serve": _("Look after buildings: visits, care list, words left at the door"),
    "steward.manage": _("Appoint stewards and share out buildings"),
    "works.record": _("Take down stances, ballots and objections of homes"),
    "works.answer": _("Answer objections and defects for the unit"),
    "works.manage": _("Run renewal works: plans, register, notices"),
    "mediation.see": _("See mediations, without what is sealed"),
    "mediation.conduct": _("Mediate: meetings, caucuses, agreements of one's own mediations"),
    "mediation.attend": _("Come to mediations that the unit is invited to"),
    "mediation.manage": _("Run mediation: accept, appoint mediators, close dossiers"),
    "volunteering.see": _("See volunteering, its ledger and contracts"),
    "volunteering.serve": _("Take down needs, sign-ups and bookings for residents"),
    "volunteering.organise": _("Organise activities and record hours"),
    "volunteering.certify": _("Certify hours that another person recorded"),
    "volunteering.credits": _("Keep the credits: rules, grants, corrections"),
    "volunteering.contracts": _("Buy services and settle with suppliers"),
    "insight.see": _("See figures"),
    "insight.manage": _("Decide about small pains, run root-cause projects, release briefs"),
    "bulletin.write": _("Write for the bulletin"),
    "bulletin.release": _("Release, feature and take back what the bulletin publishes"),
    "triage.choose": _("Choose which version of triage speaks"),
    "draft.ask": _("Have a machine draft texts"),
    "catalogue.edit": _("Change the dispatch catalogue"),
    "people.edit": _("Change units, members and roles"),
    "places.edit": _("Change places"),
    "office.setup": _("Set up the office"),
    "upkeep.manage": _("Look after the machine: backups, recovery code"),
    "machine.manage": _("Manage tokens and webhooks of other systems"),
    "texts.edit": _("Change texts"),
    "timeline.audit": _("Read the whole timeline"),
    "notify.resend": _("Send failed messages again"),
    "privacy.handle": _("Handle requests about personal data"),
}
