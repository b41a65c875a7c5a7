"""Log densities of mixtures by scipy and scikit-learn, and ten iterations of EM by scikit-learn. float64."""

import warnings

import numpy as np
import scipy
import sklearn
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from .reference_json import write_reference


def float32(values):
    """What a float32 array holds, so that both programs start from the same numbers."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def mixture(rng, covariance, k, d, narrow):
    weights = rng.dirichlet(np.full(k, 2.0))
    means = 2 * rng.standard_normal((k, d))
    scales = np.exp(rng.uniform(np.log(narrow), np.log(1.5), (k, d)))
    if covariance == "diagonal":
        return weights, means, scales
    return weights, means, np.stack([np.tril(0.5 * rng.standard_normal((d, d)), -1) * s + np.diag(s) for s in scales])


def density_row(rng, covariance, k, d, narrow):
    weights, means, factors = mixture(rng, covariance, k, d, narrow)
    matrices = [f @ f.T if covariance == "full" else np.diag(f**2) for f in factors]
    near = means[rng.integers(k, size=6)] + 0.3 * narrow * rng.standard_normal((6, d))
    z = float32(np.concatenate([near, 3 * rng.standard_normal((4, d)), 40 * rng.standard_normal((2, d))]))
    joint = [np.log(w) + multivariate_normal(m, c).logpdf(z) for w, m, c in zip(weights, means, matrices)]
    by_scipy = logsumexp(joint, axis=0)
    model = GaussianMixture(k, covariance_type="full")
    model.weights_, model.means_, model.covariances_ = weights, means, np.stack(matrices)
    model.precisions_cholesky_ = np.stack([np.linalg.inv(np.linalg.cholesky(c)).T for c in matrices])
    by_sklearn = model.score_samples(z)
    assert np.allclose(by_scipy, by_sklearn, rtol=1e-9, atol=1e-8)
    return {
        "covariance": covariance,
        "latents": d,
        "weights": weights.tolist(),
        "means": means.ravel().tolist(),
        "factors": factors.ravel().tolist(),
        "z": z.ravel().tolist(),
        "logProb": by_sklearn.tolist(),
    }


def em_row(rng, covariance, k, d):
    """EM from given components, without regularisation; the lower bound is that of the components before each step."""
    z = float32(rng.standard_normal((300, d)))
    z[:, 0] = float32(z[:, 0] + np.sign(z[:, -1]))
    means = float32(rng.standard_normal((k, d)))
    kind = "full" if covariance == "full" else "diag"
    shape = (k, d, d) if covariance == "full" else (k, d)
    identity = np.broadcast_to(np.eye(d) if covariance == "full" else np.ones(d), shape)
    model = GaussianMixture(
        k, covariance_type=kind, reg_covar=0, max_iter=10, tol=0, weights_init=np.full(k, 1 / k), means_init=means,
        precisions_init=identity,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(z)
    factors = np.linalg.cholesky(model.covariances_) if covariance == "full" else np.sqrt(model.covariances_)
    return {
        "covariance": covariance,
        "latents": d,
        "z": z.ravel().tolist(),
        "startMeans": means.ravel().tolist(),
        "weights": model.weights_.tolist(),
        "means": model.means_.ravel().tolist(),
        "factors": factors.ravel().tolist(),
        "iterations": model.n_iter_,
    }


def main():
    rng = np.random.default_rng(5)
    cases = [("full", 1, 1, 1.0), ("full", 3, 2, 0.2), ("full", 12, 5, 0.05), ("diagonal", 4, 1, 0.1), ("diagonal", 9, 6, 0.02)]
    write_reference(
        __file__,
        {
            "scipy": scipy.__version__,
            "sklearn": sklearn.__version__,
            "densities": [density_row(rng, *case) for case in cases],
            "em": [em_row(rng, covariance, 3, d) for covariance, d in [("full", 3), ("full", 4), ("diagonal", 3)]],
        },
    )


main()
