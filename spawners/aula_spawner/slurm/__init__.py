"""What Slurm is asked for, and pure parsers of what its commands print; nothing here imports Jupyter."""
