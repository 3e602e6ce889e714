"""Work as job arrays of Slurm, whatever it is: asking for it, knowing where its tasks are, and why one died."""
