"""Two-sample statistics and their laws by scipy and scikit-learn; numpy where neither has them. float64."""

import numpy as np
from scipy import integrate, special, stats
from scipy.spatial.distance import cdist, pdist
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import rbf_kernel

from .reference_json import write_reference

N, D = 40, 3


def laws():
    x = [-37.0, -12.0, -8.0, -5.5, -3.0, -1.0, -0.1, 0.0, 0.3, 1.5, 4.0, 6.5]
    p = [1e-12, 1e-6, 0.001, 0.02, 0.0243, 0.1, 0.3, 0.5, 0.77, 0.98, 0.9999]
    gamma = [(a, a * f) for a in (0.5, 1.0, 4.0, 16.0, 100.0, 3000.0) for f in (0.3, 0.9, 1.0, 1.1, 2.0)]
    ks = [(n, t / np.sqrt(n)) for n in (10, 50, 200, 2000, 60000) for t in (0.5, 0.8, 1.0, 1.36, 1.8)]
    return {
        "normalCdf": {"x": x, "value": stats.norm.cdf(x).tolist()},
        "normalQuantile": {"p": p, "value": stats.norm.ppf(p).tolist()},
        "logGamma": [[a, special.gammaln(a)] for a in (0.1, 0.5, 1.0, 2.5, 10.0, 171.5, 3000.0)],
        "gammaSurvival": [[a, x, special.gammaincc(a, x)] for a, x in gamma],
        "chiSquaredQuantile": [[p, k, stats.chi2.ppf(p, k)] for p in (0.01, 0.5, 0.95) for k in (1, 3, 32, 200)],
        "kolmogorov": [[n, d, stats.kstwo.sf(d, n)] for n, d in ks],
        "wilson": [
            [k, n, *stats.binomtest(k, n).proportion_ci(0.95, "wilson")] for k, n in ((0, 10), (3, 10), (527, 1000), (50, 50))
        ],
    }


def mardia(z):
    centred = z - z.mean(0)
    products = centred @ np.linalg.inv(np.cov(z.T, bias=True)) @ centred.T
    return {"skewness": (products**3).mean(), "kurtosis": (np.diag(products) ** 2).mean()}


def off_diagonal_mean(gram):
    return (gram.sum() - np.trace(gram)) / (len(gram) * (len(gram) - 1))


def paired(xx, yy, xy):
    """Unbiased, pairs of one index left out of the cross term too."""
    return off_diagonal_mean(xx) + off_diagonal_mean(yy) - 2 * off_diagonal_mean(xy)


def mmd(x, y):
    squared = np.sort(pdist(np.vstack([x, y]), "sqeuclidean"))
    scale = squared[len(squared) // 2]
    gammas = [1 / (2 * c * c * scale) for c in (0.5, 1, 2)]
    value = sum(paired(rbf_kernel(x, gamma=g), rbf_kernel(y, gamma=g), rbf_kernel(x, y, gamma=g)) for g in gammas)
    return {"medianSquared": scale, "value": value}


def squared_wasserstein(values):
    """The integral over u, cell by cell."""
    ascending = np.sort(values)
    n = len(ascending)
    return sum(
        integrate.quad(lambda u: (v - stats.norm.ppf(u)) ** 2, i / n, (i + 1) / n, epsabs=1e-12, epsrel=1e-12, limit=200)[0]
        for i, v in enumerate(ascending)
    )


def auc(positive, negative):
    scores = np.concatenate([positive, negative])
    labels = np.concatenate([np.ones(len(positive)), np.zeros(len(negative))])
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    variance = wins.mean(1).var(ddof=1) / len(positive) + wins.mean(0).var(ddof=1) / len(negative)
    # scipy's normal approximation of Mann and Whitney, ties counted, no correction of continuity.
    test = stats.mannwhitneyu(positive, negative, use_continuity=False, alternative="greater", method="asymptotic")
    return {
        "positive": positive.tolist(),
        "negative": negative.tolist(),
        "value": roc_auc_score(labels, scores),
        "se": np.sqrt(variance),
        "pValue": test.pvalue,
    }


def main():
    random = np.random.default_rng(1)
    # Multiples of 1/256 are float32 numbers.
    z = np.round(256 * (random.normal(size=(N, D)) * [1.3, 0.8, 1.0] + [0.2, 0, 0])) / 256
    prior = np.round(256 * random.normal(size=(N, D))) / 256
    kolmogorov = [stats.kstest(z[:, d], "norm", method="exact") for d in range(D)]
    radius = stats.kstest((z**2).sum(1), "chi2", args=(D,), method="exact")
    write_reference(
        __file__,
        {
            "laws": laws(),
            "z": z.tolist(),
            "prior": prior.tolist(),
            "kolmogorov": [[test.statistic, test.pvalue] for test in kolmogorov],
            "radius": [radius.statistic, radius.pvalue],
            "mardia": mardia(z),
            "mmd": mmd(z, prior),
            "energy": paired(-cdist(z, z), -cdist(prior, prior), -cdist(z, prior)),
            "squaredWasserstein": [squared_wasserstein(z[:, d]) for d in range(D)],
            "auc": auc(np.round(4 * (z[:, 0] + 0.3)) / 4, np.round(4 * prior[:, 0]) / 4),
        },
    )


if __name__ == "__main__":
    main()
