"""One training step of the `altosaar` preset in PyTorch. Protocol: train.mjs.

Usage: torch_step.py THREADS BLAS_THREADS, for PyTorch's own loops and for the matrix products.
"""

import json
import os
import sys
import time

from blas import blas_library

THREADS, BLAS_THREADS = int(sys.argv[1]), int(sys.argv[2])
# OpenBLAS has threads of its own and OpenMP's, if they spin, take the cores from them. Both read this when loaded.
os.environ["OPENBLAS_NUM_THREADS"] = str(BLAS_THREADS)
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

PIXELS, HIDDEN, LATENTS, BATCH, BATCHES = 784, 256, 128, 128, 50


def mlp(*widths):
    """nn.Linear starts weights and biases from U(±1/√fan_in), as the preset does."""
    linear = [nn.Linear(fan_in, fan_out) for fan_in, fan_out in zip(widths, widths[1:])]
    between = [module for layer in linear[:-1] for module in (layer, nn.ReLU())]
    return nn.Sequential(*between, linear[-1])


def make_step():
    encoder = mlp(PIXELS, HIDDEN, HIDDEN, 2 * LATENTS)
    decoder = mlp(LATENTS, HIDDEN, HIDDEN, PIXELS)
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimizer = torch.optim.RMSprop(parameters, lr=1e-3, alpha=0.99, eps=1e-8, centered=True, foreach=True)
    batches = (torch.rand(BATCHES, BATCH, PIXELS) < 0.13).float()
    taken = 0

    def step():
        nonlocal taken
        x = batches[taken % BATCHES]
        taken += 1
        optimizer.zero_grad(set_to_none=True)
        mu, raw = encoder(x).chunk(2, dim=-1)
        sigma = F.softplus(raw)
        z = mu + sigma * torch.randn_like(mu)
        rate = (0.5 * (mu * mu + sigma * sigma - 1) - sigma.log()).sum()
        cross_entropy = F.binary_cross_entropy_with_logits(decoder(z), x, reduction="sum")
        loss = (rate + cross_entropy) / BATCH
        loss.backward()
        optimizer.step()
        return loss

    return step


def run(step, n):
    start = time.perf_counter()
    for _ in range(n):
        loss = step()
    ms = (time.perf_counter() - start) / n * 1e3
    return {"ms": ms, "loss": loss.item()}


def main():
    torch.set_num_threads(THREADS)
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    step = make_step()
    print(json.dumps({"ready": True, "versions": {"torch": torch.__version__, "blas": blas_library()}}), flush=True)
    for line in sys.stdin:
        message = json.loads(line)
        print(json.dumps(run(step, message["run"])), flush=True)


main()
