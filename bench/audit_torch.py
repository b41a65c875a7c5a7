"""log q(z) under the mixture of all posteriors in PyTorch, by addmm and logsumexp in blocks. Protocol: audit.mjs.

Usage: audit_torch.py FOLDER THREADS ROWS COMPONENTS, threads for PyTorch's own loops and for the matrix products, rows of z
and components of the mixture in one block (0 components: all of them).
"""

import json
import math
import os
import resource
import sys
import time

from blas import blas_library

FOLDER = sys.argv[1]
THREADS, ROWS, COMPONENTS = (int(value) for value in sys.argv[2:5])
# OpenBLAS has threads of its own and OpenMP's, if they spin, take the cores from them. Both read this when loaded.
os.environ["OPENBLAS_NUM_THREADS"] = str(THREADS)
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

import numpy as np  # noqa: E402
import torch  # noqa: E402


def read(name, latents):
    return torch.from_numpy(np.fromfile(os.path.join(FOLDER, f"{name}.f32"), dtype=np.float32)).reshape(-1, latents)


def log_mixture(z, mu, sigma):
    """The expansion in float32: fast, and off by nats where sigma is small."""
    latents = mu.shape[1]
    precision = sigma**-2
    weights = torch.cat([-0.5 * precision, mu * precision], 1).T.contiguous()
    bias = -(0.5 * mu * mu * precision + sigma.log()).sum(1)
    features = torch.cat([z * z, z], 1)
    parts = []
    for rows in features.split(ROWS):
        blocks = [
            torch.logsumexp(torch.addmm(c, rows, w), 1)
            for w, c in zip(weights.split(COMPONENTS or len(mu), 1), bias.split(COMPONENTS or len(mu)))
        ]
        parts.append(torch.logsumexp(torch.stack(blocks), 0))
    return torch.cat(parts) - 0.5 * latents * math.log(2 * math.pi) - math.log(len(mu))


def run(times, *codes):
    start = time.perf_counter()
    for _ in range(times):
        value = log_mixture(*codes)
    ms = (time.perf_counter() - start) / times * 1e3
    return {"ms": ms, "loss": value.double().mean().item()}


def main():
    torch.set_num_threads(THREADS)
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)
    with open(os.path.join(FOLDER, "shape.json")) as file:
        latents = json.load(file)["latents"]
    codes = [read(name, latents) for name in ("z", "mu", "sigma")]
    print(json.dumps({"ready": True, "versions": {"torch": torch.__version__, "blas": blas_library()}}), flush=True)
    started, evaluations = time.process_time(), 0
    with torch.no_grad():
        for line in sys.stdin:
            message = json.loads(line)
            if message == "profile":
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                cpu = (time.process_time() - started) / evaluations * 1e3
                answer = {"cpuMs": cpu, "mixturePeakMiB": peak}
            else:
                answer = run(message["run"], *codes)
                evaluations += message["run"]
            print(json.dumps(answer), flush=True)


main()
