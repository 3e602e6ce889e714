"""Recordings: what Slurm answered once, on a real cluster, for where there is none."""
