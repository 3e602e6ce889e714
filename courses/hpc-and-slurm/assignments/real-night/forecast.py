# Forecasts the loaves of one task's shops: every n-th shop, where n is the number of tasks that srun started.
#
# Usage: srun python3 forecast.py NUMBER_OF_SHOPS

import json
import os
import sys

rank, tasks = int(os.environ["SLURM_PROCID"]), int(os.environ["SLURM_NTASKS"])
node = os.environ["SLURMD_NODENAME"]
loaves = {shop: 60 + (37 * shop + 11) % 90 for shop in range(rank, int(sys.argv[1]), tasks)}
with open(f"part-{rank}.json", "w") as file:
    json.dump({"node": node, "loaves": loaves}, file)
print(f"task {rank} of {tasks} on {node}: {len(loaves)} shops")
