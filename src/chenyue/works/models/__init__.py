"""Rows of renewal works, by what they are about."""

from chenyue.works.models.law import ThresholdRule
from chenyue.works.models.projects import Phase, PlanPart, PlanVersion, Posting, Project, WorksFile
from chenyue.works.models.register import DoubtfulPair, HomeDispute, Owner, Ownership, RegisteredHome
from chenyue.works.models.said import Ballot, CaseLink, Defect, Objection, ObjectionAnswer, Stance

__all__ = [
    "Ballot",
    "CaseLink",
    "Defect",
    "DoubtfulPair",
    "HomeDispute",
    "Objection",
    "ObjectionAnswer",
    "Owner",
    "Ownership",
    "Phase",
    "PlanPart",
    "PlanVersion",
    "Posting",
    "Project",
    "RegisteredHome",
    "Stance",
    "ThresholdRule",
    "WorksFile",
]
