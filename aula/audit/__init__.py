"""The audit log of a course run's marks: who changed what, when, from which submission, by which version."""
