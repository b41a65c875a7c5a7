"""Densities, KL divergences and gradients by torch.distributions and autograd, moment-matched KL by numpy. float64."""

import numpy as np
import torch
from torch.distributions import Bernoulli, MultivariateNormal, Normal, kl_divergence

from .reference_json import write_reference

DIMENSIONS = 5
SIGMA_EXTREMES = [1e-6, 1e-3, 0.02, 1.0, 50.0]


def gradients(value, **inputs):
    return dict(zip(inputs, (g.tolist() for g in torch.autograd.grad(value, list(inputs.values())))))


def uniform(generator, low, high, *shape):
    return low + (high - low) * torch.rand(*shape, generator=generator)


def normal_row(x, mu, sigma):
    """Gradients are of the sums over dimensions."""
    for tensor in (x, mu, sigma):
        tensor.requires_grad_()
    q = Normal(mu, sigma)
    log_prob = q.log_prob(x)
    kl = kl_divergence(q, Normal(torch.zeros_like(mu), torch.ones_like(sigma)))
    return {
        "x": x.tolist(),
        "mu": mu.tolist(),
        "sigma": sigma.tolist(),
        "logProbPerDimension": log_prob.tolist(),
        "logProb": log_prob.sum().item(),
        "logProbGradient": gradients(log_prob.sum(), x=x, mu=mu, sigma=sigma),
        "klPerDimension": kl.tolist(),
        "kl": kl.sum().item(),
        "klGradient": gradients(kl.sum(), mu=mu, sigma=sigma),
    }


def normal_rows(generator):
    rows = []
    for row in range(10):
        mu = 2 * torch.randn(DIMENSIONS, generator=generator)
        sigma = uniform(generator, np.log(0.02), np.log(3), DIMENSIONS).exp()
        if row == 0:
            mu, sigma = torch.zeros(DIMENSIONS), torch.ones(DIMENSIONS)
        if row == 1:
            sigma = torch.tensor(SIGMA_EXTREMES)
        if row == 2:
            mu = torch.tensor([0.0, 1e-6, -1e-3, 30.0, -100.0])
            sigma = torch.tensor([1 + 1e-6, 1 - 1e-4, 1e-6, 50.0, 1.0])
        x = mu + sigma * torch.randn(DIMENSIONS, generator=generator)
        rows.append(normal_row(x, mu, sigma))
    return rows


def bernoulli_row(x, logits):
    """x between 0 and 1 gives minus the cross-entropy of a grey-scale pixel."""
    logits.requires_grad_()
    log_prob = Bernoulli(logits=logits, validate_args=False).log_prob(x)
    return {
        "x": x.tolist(),
        "logits": logits.tolist(),
        "logProbPerDimension": log_prob.tolist(),
        "logProb": log_prob.sum().item(),
        "logProbGradient": gradients(log_prob.sum(), logits=logits),
    }


def bernoulli_rows(generator):
    extremes = torch.tensor([-100.0, -30.0, -1e-6, 0.0, 30.0, 100.0])
    rows = [bernoulli_row(torch.full_like(extremes, x), extremes.clone()) for x in (0.0, 1.0, 0.5)]
    for row in range(8):
        logits = 4 * torch.randn(6, generator=generator)
        grey = torch.rand(6, generator=generator)
        rows.append(bernoulli_row(grey if row == 7 else grey.round(), logits))
    return rows


def random_covariance(generator, d, condition):
    basis, _ = torch.linalg.qr(torch.randn(d, d, generator=generator))
    variances = torch.logspace(0, -np.log10(condition), d)
    covariance = basis @ torch.diag(variances) @ basis.T
    return (covariance + covariance.T) / 2


def gaussian_row(mean1, covariance1, mean2, covariance2):
    kl = kl_divergence(MultivariateNormal(mean1, covariance1), MultivariateNormal(mean2, covariance2))
    return {
        "dimensions": len(mean1),
        "mean1": mean1.tolist(),
        "covariance1": covariance1.tolist(),
        "mean2": mean2.tolist(),
        "covariance2": covariance2.tolist(),
        "kl": kl.item(),
    }


def gaussian_rows(generator):
    rows = []
    for d in (1, 3, 8):
        mean = torch.randn(d, generator=generator)
        other = torch.randn(d, generator=generator)
        covariance = random_covariance(generator, d, 10)
        rows.append(gaussian_row(mean, covariance, mean, covariance))
        rows.append(gaussian_row(mean, covariance, torch.zeros(d), torch.eye(d)))
        rows.append(gaussian_row(mean, 3 * covariance, other, random_covariance(generator, d, 20)))
        rows.append(gaussian_row(mean, random_covariance(generator, d, 1e4), other, 0.5 * covariance))
    return rows


def moment_kl(mean, covariance):
    _, log_det = np.linalg.slogdet(covariance)
    return 0.5 * (np.trace(covariance) + mean @ mean - len(mean) - log_det)


def moment_rows(rng):
    """½(tr C + m·m − D − ln det C), C the population covariance (divided by N); of posteriors by total covariance."""
    rows = []
    for n, d in [(10, 1), (20, 1), (10, 2), (20, 2), (12, 3), (20, 3), (30, 3), (12, 6), (20, 6), (30, 6)]:
        mixing = np.eye(d) + 0.3 * rng.standard_normal((d, d))
        mu = rng.standard_normal((n, d)) @ mixing + 0.3 * rng.standard_normal(d)
        sigma = np.exp(rng.uniform(np.log(0.05), np.log(1.5), (n, d)))
        covariance = np.cov(mu, rowvar=False, bias=True).reshape(d, d)
        total = covariance + np.diag((sigma**2).mean(axis=0))
        rows.append(
            {
                "samples": mu.tolist(),
                "kl": float(moment_kl(mu.mean(axis=0), covariance)),
                "sigma": sigma.tolist(),
                "posteriorsKl": float(moment_kl(mu.mean(axis=0), total)),
            }
        )
    return rows


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    generator = torch.Generator().manual_seed(2)
    write_reference(
        __file__,
        {
            "torch": torch.__version__,
            "numpy": np.__version__,
            "normal": normal_rows(generator),
            "bernoulli": bernoulli_rows(generator),
            "gaussians": gaussian_rows(generator),
            "momentMatched": moment_rows(np.random.default_rng(3)),
        },
    )


main()
