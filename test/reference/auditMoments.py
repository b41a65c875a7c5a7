"""What an audit says of moments: KL and Fréchet distance with their jackknife errors, active units, quantiles."""

import numpy as np
from scipy.linalg import sqrtm
from scipy.stats import binomtest

from reference.reference_json import write_reference

N, D = 400, 3
draw = np.random.default_rng(11)
SCALE = np.array([1.1, 0.4, 0.05])


def as_float32(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


mu = as_float32(draw.standard_normal((N, D)) @ np.array([[1, 0.5, 0], [0, 1, 0], [0, 0, 1]]) * SCALE + [0.3, 0, 0])
sigma = as_float32(np.exp(0.3 * draw.standard_normal((N, D)) - 0.7))


def moments(mu, sigma):
    return mu.mean(0), np.cov(mu.T, bias=True) + np.diag((sigma**2).mean(0))


def kl(mean, covariance):
    return 0.5 * (np.trace(covariance) + mean @ mean - D - np.linalg.slogdet(covariance)[1])


def frechet(mean, covariance):
    return mean @ mean + np.trace(covariance + np.eye(D) - 2 * np.real(sqrtm(covariance)))


def jackknife(statistic, mu, sigma):
    kept = [np.delete(np.arange(N), i) for i in range(N)]
    values = np.array([statistic(*moments(mu[rows], sigma[rows])) for rows in kept])
    return float(np.sqrt((N - 1) * np.mean((values - values.mean()) ** 2)))


def case(mu, sigma):
    mean, covariance = moments(mu, sigma)
    return {
        "mean": mean.tolist(),
        "covariance": covariance.tolist(),
        "momentKl": {"value": float(kl(mean, covariance)), "se": jackknife(kl, mu, sigma)},
        "frechet": {"value": float(frechet(mean, covariance)), "se": jackknife(frechet, mu, sigma)},
    }


ratios = as_float32(draw.standard_normal(333))
write_reference(
    __file__,
    {
        "mu": mu.ravel().tolist(),
        "sigma": sigma.ravel().tolist(),
        "posteriors": case(mu, sigma),
        "draws": case(mu, 0 * sigma),
        "muVariance": mu.var(0).tolist(),
        "quantiles": {
            "values": ratios.tolist(),
            "at": [0.01, 0.05, 0.5],
            "weibull": [float(np.quantile(ratios, p, method="weibull")) for p in [0.01, 0.05, 0.5]],
        },
        "wilson": [
            {"successes": k, "n": n, "interval": list(binomtest(k, n).proportion_ci(method="wilson"))}
            for k, n in [(0, 50), (7, 700), (100, 10000), (50, 50)]
        ],
    },
)
