"""Proposals of re-assignment: asked for on a page, worked out by a job, looked at, carried out in one transaction."""
