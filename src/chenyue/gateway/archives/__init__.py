"""A whole office in one file: taken out of one installation, brought into another, whatever databases they have."""
