"""The rate of a few codes and its parts, by scipy: densities term by term, divergences by integration. float64.

`densities` holds logarithms of densities at points; `split` holds the exact terms of codes of two latents, each integral on
a grid so fine that the trapezoid rule is exact to rounding. Codes and points are float32 values.
"""

import numpy as np
import scipy
from scipy.special import logsumexp
from scipy.stats import norm

from .reference_json import write_reference

GRID = np.linspace(-12, 12, 2401)


def float32(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def codes(generator, n, latents, low, high):
    scale = np.exp(generator.uniform(np.log(low), np.log(high), (n, latents)))
    mu = generator.standard_normal((n, latents)) @ (np.eye(latents) + 0.6 * np.eye(latents, k=1))
    return float32(mu), float32(scale)


def log_mixture(z, mu, sigma):
    """z [S, D] -> [S]"""
    return logsumexp(norm.logpdf(z[:, None], mu, sigma).sum(-1), axis=1) - np.log(len(mu))


def densities(generator):
    mu, sigma = codes(generator, 40, 5, 0.01, 1.5)
    own = mu + sigma * generator.standard_normal(mu.shape)
    z = float32(np.concatenate([own[:12], generator.standard_normal((6, 5)), 30 * generator.standard_normal((3, 5))]))
    marginals = [log_mixture(z[:, [d]], mu[:, [d]], sigma[:, [d]]).tolist() for d in range(5)]
    return {
        "mu": mu.tolist(),
        "sigma": sigma.tolist(),
        "z": z.tolist(),
        "logMixture": log_mixture(z, mu, sigma).tolist(),
        "logMarginals": marginals,
        "logPrior": norm.logpdf(z).sum(1).tolist(),
    }


def split(generator):
    mu, sigma = codes(generator, 30, 2, 0.15, 0.9)
    step = GRID[1] - GRID[0]
    log_p = norm.logpdf(GRID)
    # [N, grid] of each dimension; the joint posterior is their outer product.
    log_q = [norm.logpdf(GRID, mu[:, [d]], sigma[:, [d]]) for d in range(2)]
    q = [np.exp(values) for values in log_q]
    joint = q[0].T @ q[1] / len(mu)
    log_joint = np.log(np.maximum(joint, 1e-300))
    prior = log_p[:, None] + log_p[None, :]
    marginal = [np.log(values.mean(0)) for values in q]
    dimension_kl = [float((np.exp(m) * (m - log_p)).sum() * step) for m in marginal]
    marginal_kl = float((joint * (log_joint - prior)).sum() * step**2)
    information = 0.0
    for first, second in zip(log_q[0], log_q[1]):
        own = first[:, None] + second[None, :]
        information += float((np.exp(own) * (own - log_joint)).sum() * step**2) / len(mu)
    rate = float((0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)).sum(1).mean())
    assert abs(rate - information - marginal_kl) < 1e-9
    return {
        "mu": mu.tolist(),
        "sigma": sigma.tolist(),
        "rate": rate,
        "mutualInformation": information,
        "marginalKl": marginal_kl,
        "dimensionKl": dimension_kl,
        "totalCorrelation": marginal_kl - sum(dimension_kl),
    }


def main():
    generator = np.random.default_rng(11)
    write_reference(
        __file__,
        {"scipy": scipy.__version__, "densities": densities(generator), "split": split(generator)},
    )


main()
