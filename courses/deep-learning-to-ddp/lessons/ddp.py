"""Train one network with all ranks of a job: torch's DistributedDataParallel.

Use: ddp.py CARDS FOLDER [--epochs N] [--batch N] [--backend gloo] [--device cpu] [--checkpoint FILE [--warn-at STEP]]

CARDS is a file of numpy's with cards to learn from and cards for the test. Under srun, each task is a rank. Started
by hand it is rank 0 of 1. Each rank leaves what it saw and measured in FOLDER/rank-NUMBER.json.

With a checkpoint it goes on from FILE, where there is one, and leaves one there: when all steps are done, or after the
step in which the signal USR1 came to any rank.
"""

import argparse
import hashlib
import json
import os
import signal
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
    parser.add_argument("--checkpoint", type=Path, help="go on from this file, and leave it at the end")
    parser.add_argument("--warn-at", type=int, help="after this step the last rank sends itself the signal")
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
own = torch.Generator()  # what a loader draws for itself is drawn from here, not from torch's dice
loader = DataLoader(cards, batch_size=options.batch // world, sampler=sampler, generator=own)

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

# 6. Stop and go on, if a checkpoint is asked for.
kept["losses"] = []  # one for each step that is done
settings = {"world": world, "batch": options.batch, "cards": len(cards)}
warned = []  # signals that came to this rank
signal.signal(signal.SIGUSR1, lambda number, frame: warned.append(number))


def anybody_warned():
    """Say whether the signal came to any rank: all ranks get the same answer."""
    votes = torch.tensor(len(warned), device=options.device)
    dist.all_reduce(votes)
    return votes.item() > 0


def save():
    """Write a checkpoint, whole or not at all: rank 0 for all."""
    dice = [None] * world
    dist.all_gather_object(dice, torch.get_rng_state())  # each rank has its own
    if rank == 0:
        state = {"model": model.module.state_dict(), "optimizer": optimizer.state_dict(), "dice": dice}
        new = options.checkpoint.with_suffix(".new")
        with new.open("wb") as file:
            torch.save(state | {"losses": kept["losses"], "settings": settings}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, options.checkpoint)
    dist.barrier()  # nobody leaves before it is there


def load():
    """Go on from the checkpoint, if there is one: rank 0 reads it, and all get the same."""
    found = [None]
    if rank == 0 and options.checkpoint.exists():
        found = [torch.load(options.checkpoint, map_location="cpu", weights_only=True)]
    dist.broadcast_object_list(found)
    state = found[0]
    if state is None:
        return
    if state["settings"] != settings:
        raise SystemExit(f"saved with {state['settings']}, started with {settings}")
    model.module.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["dice"][rank])
    kept["losses"] = state["losses"]
    print(f"rank {rank}: goes on after step {len(kept['losses'])}", flush=True)


def what_is_left(epoch):
    """Yield the batches of an epoch that were not done before, until a signal comes."""
    for place, batch in enumerate(loader):
        done = len(kept["losses"])
        if epoch * len(loader) + place < done:
            continue  # before the interruption
        if done == options.warn_at and rank == world - 1:
            signal.raise_signal(signal.SIGUSR1)  # to try it: Slurm would send it
        if options.checkpoint and anybody_warned():
            return
        yield batch


if options.checkpoint:
    load()

# 7. Train.
kept["seen"] = []
for epoch in range(options.epochs):
    sampler.set_epoch(epoch)
    for numbers, x, y in what_is_left(epoch):
        loss = loss_of(x, y)
        loss.backward()  # in here DDP averages the gradients of all ranks
        optimizer.step()
        optimizer.zero_grad()
        shown = loss.detach().clone()
        dist.all_reduce(shown)  # the sum of all ranks' losses, only for the picture
        kept["losses"].append(shown.item() / world)
        kept["seen"].append(numbers.tolist())
if options.checkpoint:
    save()

# 8. Leave what I know, under my own number. The test is rank 0's alone.
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
