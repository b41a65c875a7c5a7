"""Parameters after 1 and 10 steps of every optimizer, by torch.optim, in float64 and float32.

The start and the gradients are float32 values, so both precisions and any reader begin from the same numbers. Each
column of the gradients is a kind of its own: zeros, constant, sign-changing, tiny, huge, and a parameter that gets its
first gradient late.
"""

import torch

from .reference_json import write_reference
from .torch_optimizers import make_optimizer

STEPS = 10
START = [0.0, 0.0, 1.0, -1.0, 0.5, -0.25, 3.0, 1e-4, -2.0, 100.0, 0.1, -0.7]


def make_gradients():
    generator = torch.Generator().manual_seed(1)
    gradients = torch.randn(STEPS, len(START), generator=generator, dtype=torch.float64)
    step = torch.arange(STEPS, dtype=torch.float64)
    gradients[:, 0] = 0.0
    gradients[:, 2] = 0.0
    gradients[:, 3] = 0.3
    gradients[:, 4] = 0.2 * (-1.0) ** step
    gradients[:, 5] *= 1e-8
    gradients[:, 6] *= 1e-20
    gradients[:, 7] *= 1e-3
    gradients[:, 8] *= 1e4
    gradients[:, 9] *= 1e12
    gradients[:6, 10] = 0.0
    return gradients.float().double()


def configs():
    for lr in (1e-3, 1e-2):
        yield {"name": "sgd", "lr": lr}
        yield {"name": "momentum", "lr": lr, "momentum": 0.9}
        for centered in (False, True):
            yield {"name": "rmsprop", "lr": lr, "alpha": 0.99, "eps": 1e-8, "centered": centered}
        adam = {"lr": lr, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
        yield {"name": "adam", **adam}
        yield {"name": "adamw", **adam, "weightDecay": 0.01}


def train(config, start, gradients):
    parameter = torch.nn.Parameter(start.clone())
    optimizer = make_optimizer(config, [parameter])
    history = []
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
        history.append(parameter.detach().clone())
    return history


def main():
    torch.set_num_threads(1)
    start = torch.tensor(START, dtype=torch.float32).double()
    gradients = make_gradients()
    cases = []
    for config in configs():
        exact = train(config, start, gradients)
        single = train(config, start.float(), gradients.float())
        cases.append(
            {
                "config": config,
                "after1": exact[0].tolist(),
                "after10": exact[-1].tolist(),
                "after10Float32": single[-1].tolist(),
            }
        )
    write_reference(
        __file__,
        {"torch": torch.__version__, "start": start.tolist(), "gradients": gradients.tolist(), "cases": cases},
    )


main()
