"""Executing notebooks as job arrays of Slurm: asking it, following it, and the program of one task."""
