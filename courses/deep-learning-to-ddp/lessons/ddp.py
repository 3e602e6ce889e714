"""Train one network with all ranks of a job: torch's DistributedDataParallel.

Use: ddp.py CARDS FOLDER [--epochs N] [--batch N] [--backend gloo] [--device cpu]

CARDS is a file of numpy's with cards to learn from and cards for the test. Under srun, each task is a rank. Started
by hand it is rank 0 of 1. Each rank leaves what it saw and measured in FOLDER/rank-NUMBER.json.
"""

import argparse
import hashlib
import json
import os
import socket
from datetime import timedelta
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler


def read_command():
    """Return what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cards", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=48, help="cards of all ranks together in a step")
    parser.add_argument("--backend", default="gloo", help="gloo between CPUs, nccl between GPUs")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    return parser.parse_args()


# 1. Who am I, and how many are we? Slurm says it in variables.
options = read_command()
torch.set_num_threads(1)  # one core is enough for each
rank = int(os.environ.get("SLURM_PROCID", 0))
world = int(os.environ.get("SLURM_NTASKS", 1))
local = int(os.environ.get("SLURM_LOCALID", 0))  # my number among the ranks of this node
if options.batch % world:
    raise SystemExit(f"a batch of {options.batch} cards cannot be cut into {world} equal shares")

# 2. Meet the others: rank 0 listens at this address, all others call it.
address = os.environ.get("MASTER_ADDR", "127.0.0.1")
port = int(os.environ.get("MASTER_PORT", 0))  # 0, any free one, will do for who is alone
print(f"rank {rank} of {world} on {socket.gethostname()}: meeting at {address}", flush=True)
time_out = timedelta(seconds=60)
store = dist.TCPStore(address, port, world, is_master=rank == 0, timeout=time_out)
dist.init_process_group(options.backend, store=store, rank=rank, world_size=world, timeout=time_out)
if options.device == "cuda":
    torch.cuda.set_device(local % torch.cuda.device_count())

# 3. My share of the cards.
data = np.load(options.cards)
pictures = torch.tensor(data["pictures"] / 16, dtype=torch.float32)
cards = TensorDataset(torch.arange(len(pictures)), pictures, torch.tensor(data["labels"]))
sampler = DistributedSampler(cards, num_replicas=world, rank=rank, seed=5)
loader = DataLoader(cards, batch_size=options.batch // world, sampler=sampler)

# 4. The whole network, the same on every rank.
torch.manual_seed(5)
plain = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10)).to(options.device)
model = DistributedDataParallel(plain)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)


def loss_of(x, y):
    """Return the mean loss of some cards."""
    return cross_entropy(model(x.to(options.device)), y.to(options.device))


def gradient():
    """Return the gradients of all weights as one list of numbers, and clear them."""
    joined = torch.cat([weight.grad.flatten() for weight in model.parameters()])
    optimizer.zero_grad()
    return [float(f"{x:.9g}") for x in joined.tolist()]


# 5. Only to look: the gradient of my first share alone, then what DDP makes of it.
_, x, y = next(iter(loader))
with model.no_sync():
    loss_of(x, y).backward()
kept = {"rank": rank, "world": world, "host": socket.gethostname(), "own": gradient()}
loss_of(x, y).backward()
kept["together"] = gradient()

# 6. Train.
kept["seen"], kept["losses"] = [], []
for epoch in range(options.epochs):
    sampler.set_epoch(epoch)
    for numbers, x, y in loader:
        loss = loss_of(x, y)
        loss.backward()  # in here DDP averages the gradients of all ranks
        optimizer.step()
        optimizer.zero_grad()
        shown = loss.detach().clone()
        dist.all_reduce(shown)  # the sum of all ranks' losses, only for the picture
        kept["losses"].append(shown.item() / world)
        kept["seen"].append(numbers.tolist())

# 7. Leave what I know, under my own number. The test is rank 0's alone.
bits = b"".join(weight.detach().cpu().numpy().tobytes() for weight in model.parameters())
kept["weights"] = hashlib.sha256(bits).hexdigest()[:12]
if rank == 0:
    test = torch.tensor(data["test_pictures"] / 16, dtype=torch.float32)
    with torch.no_grad():
        guesses = plain(test.to(options.device)).argmax(dim=1).cpu()
    kept["right"] = int((guesses == torch.tensor(data["test_labels"])).sum())
options.folder.mkdir(exist_ok=True)
(options.folder / f"rank-{rank}.json").write_text(json.dumps(kept))
print(f"rank {rank}: {len(kept['losses'])} steps, loss {kept['losses'][-1]:.4f}, weights {kept['weights']}", flush=True)
dist.barrier()  # nobody leaves before all are done
dist.destroy_process_group()
