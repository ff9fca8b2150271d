"""All documents, as data (after 司发通〔2010〕239号); `kinds` says which of them a dossier needs and in what order."""

from chenyue.mediation.dossier.forms import ending, opening, proofs, results
from chenyue.mediation.dossier.layout import Form

ALL: dict[str, Form] = {form.code: form for form in (*opening.FORMS, *proofs.FORMS, *results.FORMS, *ending.FORMS)}
