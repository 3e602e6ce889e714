"""How a notebook reaches a node of an HPC cluster: a JupyterHub spawner for Slurm.

Import `AulaSpawner` from `aula_spawner.spawner`. This module stays light, because the deployment reads
`KEPT_ENVIRONMENT` from it and the parsers in `aula_spawner.slurm` need no Jupyter at all.
"""

KEPT_ENVIRONMENT = "JUPYTERHUB_* SLURM_CONF"
"""What sudo must let through (`env_keep`) when the hub runs sbatch and scancel as a trainee."""
