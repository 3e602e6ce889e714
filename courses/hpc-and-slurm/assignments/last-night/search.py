# Searches a route for the van of one task, five rounds at a time.
#
# Usage: srun python3 search.py ROUNDS
# It ends with 0 when all rounds are done, and with 85 when it saved and wants to be started again.

import json
import os
import random
import sys
from pathlib import Path

rounds, rank = int(sys.argv[1]), int(os.environ["SLURM_PROCID"])
saved = Path(f"van-{rank}.json")
state = {"done": 0, "starts": 0, "km": None}
dice = random.Random(rank)
if saved.exists():
    state = json.loads(saved.read_text())
    version, numbers, rest = state["dice"]
    dice.setstate((version, tuple(numbers), rest))
for _ in range(min(5, rounds - state["done"])):
    km = round(dice.uniform(30, 90), 3)
    state["km"] = km if state["km"] is None else min(km, state["km"])
    state["done"] += 1
state["starts"] += 1
state["dice"] = dice.getstate()
new = saved.with_suffix(".new")
new.write_text(json.dumps(state))
os.replace(new, saved)
print(f"van {rank}: {state['done']} of {rounds} rounds, {state['km']} km", flush=True)
sys.exit(0 if state["done"] >= rounds else 85)
