"""A real Slurm on one machine: munge, MariaDB, slurmdbd, slurmctld and a slurmd for each node."""
