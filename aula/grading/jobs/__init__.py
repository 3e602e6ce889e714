"""Job scripts that trainees hand in: checked, run on Slurm as an account that owns nothing, and looked at."""
