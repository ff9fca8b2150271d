"""What the walk of `test_twice` doesn't judge by itself, with the reason."""

# Doors whose second sending writes too, and why that is right.
AGAIN = {
    "desk:audit-export": "the list is given out once more, and each giving out is told",
    "desk:export": "the list is given out once more, and each giving out is told",
    "volunteering:credits-export": "the list is given out once more, and each giving out is told",
    "volunteering:hours-export": "the list is given out once more, and each giving out is told",
    "works:letters": "the letters are given out once more, and each giving out is told",
    "volunteering:window-new": "the person is made once; that a window was opened for them is told each time",
    "gateway:wecom-mine": "a code can be shown only when it is made; the new one ends the one before",
    "notify:read-all": "what is read stays read",
    "desk:set-up-channel-test": "the message goes once by its key; that it was tried is told each time",
    "desk:draft": "a machine is asked anew for its draft, nothing of which stays",
    "desk:stewards-import": "the trying out, whose writing is taken back",
    "works:register-import": "the trying out, whose writing is taken back",
    "people:request-copy": "the copy is given out once more, and each giving out is told",
    "people:recovery-codes": "codes can be shown only when they are made; the new ones end those before",
    "people:password": "no key: what was typed isn't kept, not even its print; the old password fits no more",
    "people:remove-factor": "no key: what was typed isn't kept, not even its print; what is removed stays removed",
    "people:sign-in": "each signing in is a session of its own and is told",
    "portal:sign-in": "a code can be shown only when it is made; the new one ends the one before",
    "portal:my-data": "answers alike whether or not it fits; an open request isn't opened again",
    "volunteering:supplier-pin": "no key: what was typed isn't kept, not even its print; the same number is set",
}

# Only read, though the table has them with POST, or with a row that opens nothing here.
LOOKS = """
    calendar-feed core:look demo desk:caller desk:export-file desk:export-job desk:map-image
    desk:my-buildings-care-home desk:my-buildings-photo desk:officer desk:preview desk:suggest gateway:chat-done
    gateway:hotline-errors insight:open-table mediation:calculator mediation:paper-pack
    mediation:party-calculation open311-nothing open311-request open311-service open311-test-request
    open311-test-service open311-test-token open311-token portal:tell-look reception:person-feed
    volunteering:activity-photo volunteering:certificate-check volunteering:checked volunteering:contract-file
    volunteering:own-calendar volunteering:public-photo volunteering:window works:cases works:register-errors
"""

# Settings as they stand, sent back as they are: nothing changes, nothing is written.
UNCHANGED = """
    desk:set-up-floods mediation:days stewards:settings volunteering:evidence-settings volunteering:odd-settings
"""

# Nothing of what is sent may be kept, or nothing but the session changes: sessions, passwords, codes.
OWN = """
    people:password people:remove-factor people:second-factor people:sign-in portal:follow portal:sign-in-code
    portal:sign-out
"""

# For a resident who has signed in, at home or at the window.
RESIDENTS = """
    volunteering:me-appeal volunteering:me-book volunteering:me-cancel volunteering:me-change
    volunteering:me-complain volunteering:me-deny volunteering:me-donate volunteering:me-give
    volunteering:me-need-withdraw volunteering:me-sign volunteering:me-sign-out volunteering:me-sign-up
    volunteering:me-tie volunteering:me-unwait volunteering:me-wait volunteering:me-withdraw
    volunteering:public-sign-up volunteering:public-withdraw volunteering:window-appeal volunteering:window-book
    volunteering:window-cancel volunteering:window-change volunteering:window-complain volunteering:window-deny
    volunteering:window-donate volunteering:window-finish volunteering:window-give
    volunteering:window-need-withdraw volunteering:window-open volunteering:window-sign
    volunteering:window-sign-out volunteering:window-sign-up volunteering:window-tie volunteering:window-unwait
    volunteering:window-wait volunteering:window-withdraw
"""

# Asks for more than can be read off its form, or for a state that the sample rows aren't in.
MORE = """
    bulletin:edit bulletin:new desk:answer desk:answer-template desk:bulk-undo desk:decide-extension
    desk:delete-view desk:draft desk:inbox-confirm desk:inbox-correct desk:inbox-join desk:learning-version
    desk:map-ground desk:map-outlines desk:matters desk:matters-undo desk:my-buildings-care-new
    desk:my-buildings-kept desk:my-buildings-report desk:my-buildings-word-number desk:part desk:resend
    desk:set-up-catalogue-import desk:set-up-channel-test desk:set-up-drafts desk:set-up-first
    desk:set-up-holidays desk:set-up-office desk:set-up-open desk:set-up-paper desk:set-up-places
    desk:set-up-places-import desk:set-up-rule desk:set-up-rule-act desk:set-up-rule-new desk:set-up-text
    desk:settle desk:stewards-import desk:undo-join gateway:calendar-end gateway:chat gateway:chat-file
    gateway:hotline-act gateway:hotline-answers gateway:hotline-batch gateway:machine-revoke
    gateway:machine-take gateway:open311-publish gateway:open311-revoke gateway:open311-set gateway:webhook
    gateway:webhook-act gateway:webhook-again gateway:webhook-new gateway:webhook-ping gateway:wecom-again
    gateway:wecom-drop gateway:wecom-edit gateway:wecom-forward gateway:wecom-unbind insight:brief-again
    insight:brief-release insight:open-list insight:open-publish insight:open-withdraw insight:root-edit
    insight:root-new insight:root-reopen mediation:accept mediation:agreement-owed mediation:agreement-owed-new
    mediation:agreement-screen mediation:agreement-seal mediation:begin mediation:caucus-destroy
    mediation:caucus-figure mediation:caucus-withdraw mediation:committee-new mediation:confirmation-applied
    mediation:confirmation-ruled mediation:copy-new mediation:dossier-ask mediation:dossier-close
    mediation:finish mediation:mediator mediation:mediator-new mediation:mediators mediation:meeting-broken-off
    mediation:meeting-change mediation:meeting-held mediation:merge mediation:minutes mediation:minutes-sign
    mediation:more-time mediation:new mediation:not-accept mediation:open mediation:own-do
    mediation:own-entrance mediation:own-sign mediation:party mediation:party-died mediation:party-new
    mediation:risk-told mediation:risks mediation:screen-again mediation:screening mediation:speaker-end
    mediation:speaker-new mediation:tie-drop notify:open people:consents people:new-member people:person-correct
    people:person-withdraw people:request people:request-copy people:request-identity people:take-grant
    portal:door portal:my-data portal:rate-here portal:tell portal:visit reception:book reception:kiosk-arrive
    reception:leave reception:mine-act reception:opening-new reception:plan-act reception:plans reception:swap
    reception:swap-act reception:turn reception:turn-act reception:venue reception:venue-act reception:venue-new
    reception:venues reception:visit reception:wish stewards:away stewards:back stewards:building stewards:edit
    stewards:facts stewards:new stewards:plans upkeep:backup-begin upkeep:backup-folder upkeep:keeping-ask
    upkeep:spooled-again upkeep:spooled-discard upkeep:spooled-one
    volunteering:activity-edit volunteering:activity-finish volunteering:activity-invite
    volunteering:activity-mark volunteering:activity-new volunteering:activity-open
    volunteering:activity-photo-remove volunteering:activity-sign-up volunteering:ask volunteering:booking-do
    volunteering:bookings-sign volunteering:certificate-new volunteering:check-in volunteering:contract-new
    volunteering:contract-sign volunteering:credits-approve volunteering:credits-freeze
    volunteering:credits-propose volunteering:credits-refuse volunteering:credits-thaw
    volunteering:credits-tie-approve volunteering:credits-tie-end volunteering:decide-many
    volunteering:desk-scan volunteering:hours-typed volunteering:hours-typed-alone volunteering:need-activity
    volunteering:need-again volunteering:need-edit volunteering:need-new volunteering:rule-approve
    volunteering:rule-drop volunteering:rule-new volunteering:service-new volunteering:settlement-agree
    volunteering:settlement-draw volunteering:settlement-pay volunteering:slot-off volunteering:supplier-leave
    volunteering:supplier-missed volunteering:supplier-page volunteering:supplier-pin
    volunteering:supplier-redeem volunteering:volunteer-licence volunteering:volunteer-new
    volunteering:volunteer-offer volunteering:weeks wecom-callback works:ballot works:ballot-revoke
    works:defect-check works:home-owners works:objection-respond works:own-do works:own-objection
    works:own-stance works:paper works:part works:part-new works:phase works:phase-new works:plan-do
    works:project-edit works:project-publish works:public works:register-import
"""

# Not walked. What their own tests send is sent twice there with CHENYUE_TWICE=1; see `replay`.
ELSEWHERE = frozenset(f"{LOOKS} {UNCHANGED} {OWN} {RESIDENTS} {MORE}".split())
