"""Distances and neighbour measures between feature sets: scipy's sqrtm, the published formulas in numpy. float64."""

import numpy as np
import scipy
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist

from .reference_json import write_reference

GROUPS = 20


def frechet(a, b):
    """Heusel et al. 2017: |m_a - m_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2))."""
    shift = a.mean(axis=0) - b.mean(axis=0)
    ca, cb = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = np.real(sqrtm(ca @ cb))
    return float(shift @ shift + np.trace(ca) + np.trace(cb) - 2 * np.trace(root))


def kernel_distance(x, y):
    """Binkowski et al. 2018: unbiased MMD^2 with k(x, y) = (x.y / W + 1)^3."""
    def kernel(p, q):
        return (p @ q.T / p.shape[1] + 1) ** 3

    kxx, kyy, kxy = kernel(x, x), kernel(y, y), kernel(x, y)
    n, m = len(x), len(y)
    within_x = (kxx.sum() - np.trace(kxx)) / (n * (n - 1))
    within_y = (kyy.sum() - np.trace(kyy)) / (m * (m - 1))
    return float(within_x + within_y - 2 * kxy.mean())


def jackknife(statistic, a, b):
    """Delete-a-group: rows i with i mod G = g left out of both sets."""
    groups = min(GROUPS, min(len(a), len(b)) // 2)
    rest = [np.arange(len(a)) % groups, np.arange(len(b)) % groups]
    values = np.array([statistic(a[rest[0] != g], b[rest[1] != g]) for g in range(groups)])
    return float(np.sqrt((groups - 1) / groups * ((values - values.mean()) ** 2).sum()))


def manifold(real, fake, k):
    """Kynkaanniemi et al. 2019 and Naeem et al. 2020, as in the authors' compute_prdc."""
    def radii(x):
        return np.sort(cdist(x, x), axis=1)[:, k]

    real_radii, fake_radii = radii(real), radii(fake)
    distance = cdist(real, fake)
    in_real = distance < real_radii[:, None]
    in_fake = distance < fake_radii[None, :]
    return {
        "precision": float(in_real.any(axis=0).mean()),
        "recall": float(in_fake.any(axis=1).mean()),
        "density": float(in_real.sum(axis=0).mean() / k),
        "coverage": float((distance.min(axis=1) < real_radii).mean()),
    }


def rows(rng, n, width, shift, scale, sparse):
    mixing = np.eye(width) + 0.2 * rng.standard_normal((width, width))
    values = shift + scale * rng.standard_normal((n, width)) @ mixing
    values = np.maximum(values, 0) if sparse else values
    # Few digits, and the nearest float32: every program reads the same numbers.
    return np.round(values, 3).astype(np.float32)


def main():
    rng = np.random.default_rng(11)
    cases = []
    for n, m, width, shift, scale, sparse in [
        (60, 50, 3, 0.3, 1.2, False),
        (45, 64, 5, 0.0, 1.0, False),
        (41, 40, 6, 1.0, 0.5, True),
        (70, 70, 2, 100.0, 1.0, False),
        (24, 30, 8, 0.1, 0.8, False),
    ]:
        real = rows(rng, n, width, 100.0 if shift == 100.0 else 0.0, 1.0, sparse)
        fake = rows(rng, m, width, shift, scale, sparse)
        a, b = real.astype(np.float64), fake.astype(np.float64)
        cases.append(
            {
                "reference": np.round(a, 3).tolist(),
                "samples": np.round(b, 3).tolist(),
                "frechet": frechet(a, b),
                "frechetError": jackknife(frechet, a, b),
                "kernel": kernel_distance(a, b),
                "kernelError": jackknife(kernel_distance, a, b),
                "k5": manifold(a, b, 5),
                "k3": manifold(a, b, 3),
            }
        )
    write_reference(__file__, {"scipy": scipy.__version__, "numpy": np.__version__, "cases": cases})


main()
