"""Pure parsers of what Slurm's commands print; nothing here imports Jupyter or runs a command."""
