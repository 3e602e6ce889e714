"""Grading as job arrays of Slurm: asking for them, following them, and the program of one task."""
