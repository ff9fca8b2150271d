"""Renewal works: projects, plan versions, the register of homes, stances, ballots, objections, defects."""
