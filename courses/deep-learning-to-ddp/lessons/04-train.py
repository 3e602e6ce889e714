"""Train on Clearwell's digits, stop when told to, and go on when started again.

Use: 04-train.py CARDS FOLDER EPOCHS [STEP]

CARDS is a file of numpy's with "pictures" and "labels". Checkpoints go into FOLDER. With STEP the script sends
itself, in the middle of that step, the signal that Slurm would send. It ends with 0 when all epochs are done,
and with 75 when it was stopped before: "start me again".

The functions up to newest() are those of the lesson, word for word.
"""

import hashlib
import io
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Dataset

AGAIN = 75  # sysexits.h calls it EX_TEMPFAIL: did not work now, try again


class Digits(Dataset):
    """Clearwell's digits: the number of a card, its picture and what it shows."""

    def __init__(self, pictures, labels):
        self.pictures = pictures
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        picture = torch.tensor(self.pictures[i] / 16, dtype=torch.float32)
        return i, picture, int(self.labels[i])


def smudge(pictures, drops):
    """Return the pictures; a drop of water has fallen on some of them."""
    wet = pictures.clone()
    for picture in wet.view(-1, 8, 8):
        if random.random() < 0.3:
            row, column = drops.integers(0, 7, size=2)
            picture[row : row + 2, column : column + 2] = 0
    return wet


def new_run(seed):
    """Return a run that has not learned anything yet."""
    settings = {"seed": seed, "rate": 0.1, "momentum": 0.9, "batch_size": 48}
    torch.manual_seed(seed)
    random.seed(seed)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=settings["rate"], momentum=settings["momentum"])
    return SimpleNamespace(
        settings=settings,
        model=model,
        optimizer=optimizer,
        order=torch.Generator().manual_seed(seed),  # shuffles the cards
        drops=np.random.default_rng(seed),  # says where the drops fall
        epoch=0,
        batch=0,
        losses=[],
        seen=Counter(),
    )


def train(run, cards, epochs, stop=lambda run: False):
    """Train until all epochs are done, or until stop(run) says so after a step."""
    size = run.settings["batch_size"]
    while run.epoch < epochs:
        run.order_at_start = run.order.get_state()
        loader = DataLoader(cards, batch_size=size, shuffle=True, generator=run.order)
        for place, (numbers, pictures, labels) in enumerate(loader):
            if place < run.batch:
                continue  # done before the interruption
            loss = cross_entropy(run.model(smudge(pictures, run.drops)), labels)
            run.optimizer.zero_grad()
            loss.backward()
            run.optimizer.step()
            run.batch = place + 1
            run.losses.append(loss.item())
            run.seen.update((run.epoch, n) for n in numbers.tolist())
            if stop(run):
                return
        run.epoch, run.batch = run.epoch + 1, 0
    run.order_at_start = run.order.get_state()  # where more epochs would begin


def state_of(run):
    """Return all that a run needs to go on."""
    return {
        "model": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "epoch": run.epoch,
        "batch": run.batch,
        "order": run.order_at_start,
        "torch": torch.get_rng_state(),
        "numpy": run.drops.bit_generator.state,
        "python": random.getstate(),
        "losses": run.losses,
        "settings": run.settings,
    }


def restore(run, state):
    """Put a run into the state that was saved."""
    if state["settings"] != run.settings:
        raise ValueError(f"saved with {state['settings']}, started with {run.settings}")
    run.model.load_state_dict(state["model"])
    run.optimizer.load_state_dict(state["optimizer"])
    run.epoch, run.batch = state["epoch"], state["batch"]
    run.order.set_state(state["order"])
    torch.set_rng_state(state["torch"])
    run.drops.bit_generator.state = state["numpy"]
    random.setstate(state["python"])
    run.losses = state["losses"]
    run.order_at_start = state["order"]


def save(run, folder):
    """Write a checkpoint that is whole or not there; keep the last two."""
    buffer = io.BytesIO()
    torch.save(state_of(run), buffer)
    data = buffer.getvalue()
    final = folder / f"step-{len(run.losses):06}.ckpt"
    new = final.with_suffix(".new")
    with new.open("wb") as file:
        file.write(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, final)
    for old in sorted(folder.glob("step-*.ckpt"))[:-2]:
        old.unlink()
    return final


def newest(folder):
    """Return the state in the newest checkpoint that is whole, or None."""
    for path in sorted(folder.glob("step-*.ckpt"), reverse=True):
        checksum, _, data = path.read_bytes().partition(b"\n")
        if hashlib.sha256(data).hexdigest().encode() == checksum:
            return torch.load(io.BytesIO(data), weights_only=True)
        print(f"{path.name} is damaged: skipped")
    return None


def main():
    """Train, and return the exit status."""
    cards_file, folder = Path(sys.argv[1]), Path(sys.argv[2])
    epochs = int(sys.argv[3])
    signal_at = int(sys.argv[4]) if len(sys.argv) > 4 else None

    asked = []  # signals that came
    signal.signal(signal.SIGUSR1, lambda number, frame: asked.append(number))
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))

    torch.set_num_threads(1)
    with np.load(cards_file) as file:
        cards = Digits(file["pictures"], file["labels"])
    folder.mkdir(parents=True, exist_ok=True)
    run = new_run(seed=4)
    state = newest(folder)
    if state is not None:
        restore(run, state)
    print(f"start at step {len(run.losses)}: epoch {run.epoch}, batch {run.batch}")

    def in_the_step(*_):
        if len(run.losses) + 1 == signal_at:
            signal.raise_signal(signal.SIGUSR1)

    run.model.register_forward_hook(in_the_step)  # called within each step

    def after_a_step(run):
        if len(run.losses) % 50 == 0:
            save(run, folder)  # a node that breaks down sends no signal
        return bool(asked)

    train(run, cards, epochs, stop=after_a_step)
    path = save(run, folder)
    if run.epoch < epochs:
        name = signal.Signals(asked[0]).name
        print(f"{name} came: finished step {len(run.losses)}, wrote {path.name}")
        return AGAIN
    print(f"all {epochs} epochs are done after step {len(run.losses)}, wrote {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
