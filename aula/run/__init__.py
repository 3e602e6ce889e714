"""Executing notebooks: planning the jobs, running them in parallel with papermill, reporting."""
