"""Draws z ~ q(z) of a small VAE on MNIST, for `mixture.mjs`: 784-400-D, Bernoulli pixels (x > 127), Adam 1e-3, 8 epochs.

usage: mixture_codes.py MNIST_FOLDER OUT_FOLDER LATENTS
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BATCH = 128
EPOCHS = 8


def images(folder, name):
    raw = np.frombuffer(gzip.open(Path(folder) / f"{name}-images-idx3-ubyte.gz").read(), np.uint8, offset=16)
    return torch.tensor(raw.reshape(-1, 784) > 127).float()


def draw(encoder, x):
    mu, log_var = encoder(x).chunk(2, 1)
    return mu, log_var, mu + torch.randn_like(mu) * (log_var / 2).exp()


def main():
    source, out, latents = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    torch.manual_seed(0)
    train, test = images(source, "train"), images(source, "t10k")
    encoder = nn.Sequential(nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 2 * latents))
    decoder = nn.Sequential(nn.Linear(latents, 400), nn.ReLU(), nn.Linear(400, 784))
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], 1e-3)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(train)).split(BATCH):
            x = train[rows]
            mu, log_var, z = draw(encoder, x)
            rate = 0.5 * (mu * mu + log_var.exp() - 1 - log_var).sum()
            loss = (F.binary_cross_entropy_with_logits(decoder(z), x, reduction="sum") + rate) / len(x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    out.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        for name, x in (("train", train), ("test", test)):
            draw(encoder, x)[2].numpy().astype("<f4").tofile(out / f"{name}.f32")
    text = f"z of a 784-400-{latents} VAE on MNIST, {EPOCHS} epochs (mixture_codes.py)"
    (out / "codes.json").write_text(json.dumps({"latents": latents, "source": text}) + "\n")


main()
