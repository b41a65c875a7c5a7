"""Loss, rate, score, gradients and three optimizer steps of a tiny VAE, by torch.distributions and autograd. float64.

6 pixels -> hidden [5, 4] -> 3 latents -> hidden [4, 5] -> 6 Bernoulli logits, ReLU between layers. A layer is x @ W + b
with W [in, out]; the encoder's head is [h, 2 * latents], first half mu, second half the raw scale.
"""

import torch
from torch.distributions import Bernoulli, Normal, kl_divergence
from torch.nn.functional import softplus

from .reference_json import write_reference
from .torch_optimizers import make_optimizer

INPUTS, HIDDEN, LATENTS, BATCH, STEPS = 6, [5, 4], 3, 4, 3
OPTIMIZERS = [
    {"name": "rmsprop", "lr": 1e-3, "alpha": 0.99, "eps": 1e-8, "centered": True},
    {"name": "adam", "lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
]
CASES = [
    ("joint", "analytic", "softplus"),
    ("joint", "mc", "softplus"),
    ("joint", "analytic", "log_var"),
    ("joint", "mc", "log_var"),
    ("tandem", "analytic", "softplus"),
    ("tandem", "mc", "softplus"),
]


def layers(prefix, widths):
    names = [str(i) for i in range(len(widths) - 2)] + ["head"]
    return [(f"{prefix}.{name}", *shape) for name, shape in zip(names, zip(widths, widths[1:]))]


def make_weights(generator):
    weights = {}
    encoder = layers("encoder", [INPUTS, *HIDDEN, 2 * LATENTS])
    decoder = layers("decoder", [LATENTS, *reversed(HIDDEN), INPUTS])
    for name, fan_in, fan_out in encoder + decoder:
        bound = fan_in**-0.5
        weights[f"{name}.weight"] = bound * (2 * torch.rand(fan_in, fan_out, generator=generator) - 1)
        weights[f"{name}.bias"] = bound * (2 * torch.rand(fan_out, generator=generator) - 1)
    return weights


def mlp(prefix, weights, value):
    for name in ("0", "1", "head"):
        value = value @ weights[f"{prefix}.{name}.weight"] + weights[f"{prefix}.{name}.bias"]
        if name != "head":
            value = torch.relu(value)
    return value


def terms(regime, kl, scale, weights, batch):
    """rate and score [B], and the loss; the loss of tandem is the sum of the encoder's and the decoder's."""
    mu, raw = mlp("encoder", weights, batch["x"]).chunk(2, dim=-1)
    q = Normal(mu, softplus(raw) if scale == "softplus" else (raw / 2).exp())
    prior = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    z = q.mean + q.stddev * batch["noise"]
    rate = (kl_divergence(q, prior) if kl == "analytic" else q.log_prob(z) - prior.log_prob(z)).sum(-1)
    decoded = mlp("decoder", weights, z.detach() if regime == "tandem" else z)
    score = Bernoulli(logits=decoded).log_prob(batch["x"]).sum(-1)
    return rate, score, rate.mean() - score.mean()


def trained(case, optimizer, start, batches):
    weights = {name: value.clone().requires_grad_() for name, value in start.items()}
    update = make_optimizer(optimizer, list(weights.values()))
    for batch in batches:
        update.zero_grad()
        terms(*case, weights, batch)[2].backward()
        update.step()
    return {name: value.tolist() for name, value in weights.items()}


def case_row(case, start, batches):
    weights = {name: value.clone().requires_grad_() for name, value in start.items()}
    rate, score, loss = terms(*case, weights, batches[0])
    loss.backward()
    return {
        "regime": case[0],
        "kl": case[1],
        "scale": case[2],
        "loss": loss.item(),
        "rate": rate.tolist(),
        "score": score.tolist(),
        "gradients": {name: value.grad.tolist() for name, value in weights.items()},
        "trained": [
            {"config": optimizer, "after3": trained(case, optimizer, start, batches)} for optimizer in OPTIMIZERS
        ],
    }


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    generator = torch.Generator().manual_seed(7)
    weights = make_weights(generator)
    batches = [
        {
            "x": torch.rand(BATCH, INPUTS, generator=generator).round(),
            "noise": torch.randn(BATCH, LATENTS, generator=generator),
        }
        for _ in range(STEPS)
    ]
    write_reference(
        __file__,
        {
            "torch": torch.__version__,
            "inputs": INPUTS,
            "hidden": HIDDEN,
            "latents": LATENTS,
            "weights": {name: value.tolist() for name, value in weights.items()},
            "batches": [{name: value.tolist() for name, value in batch.items()} for batch in batches],
            "cases": [case_row(case, weights, batches) for case in CASES],
        },
    )


main()
