"""Brings a classroom up on one machine: environments, a real Slurm, the hub and its services.

Standard library only, run by the system's Python, because it runs before any environment exists.
It imports nothing else of Aula.
"""
