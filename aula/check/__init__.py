"""The check of a course: one small rule a file, and what they found, for people and for programs."""
