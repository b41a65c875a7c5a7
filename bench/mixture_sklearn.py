"""The scikit-learn side of `mixture.mjs`: see there for arguments and protocol."""

import json
import os
import sys
import time
import warnings

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = sys.argv[5]

import numpy as np  # noqa: E402
import sklearn  # noqa: E402
from sklearn.mixture import GaussianMixture  # noqa: E402

FOLDER = sys.argv[1]
LATENTS, COMPONENTS, STARTS = map(int, sys.argv[2:5])


def codes(name):
    return np.fromfile(os.path.join(FOLDER, name), dtype="<f4").reshape(-1, LATENTS)


def blas_library():
    """The file behind libblas: the reference BLAS would make scikit-learn look many times slower than it is."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    return next((os.path.basename(path) for path in sorted(paths) if "openblas" in os.path.basename(path)), "other")


def main():
    warnings.simplefilter("ignore")
    train, test = codes("train.f32"), codes("test.f32")
    np.dot(np.ones((4, 4)), np.ones((4, 4)))
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "blas": blas_library()}
    print(json.dumps({"ready": True, "versions": versions}), flush=True)
    found = {"heldOut": [], "iterations": []}
    for line in sys.stdin:
        message = json.loads(line)
        if message == "profile":
            print(json.dumps(found), flush=True)
            continue
        start = time.perf_counter()
        model = GaussianMixture(COMPONENTS, n_init=STARTS, random_state=message["run"]).fit(train)
        ms = (time.perf_counter() - start) * 1e3
        found["heldOut"].append(float(model.score(test)))
        found["iterations"].append(model.n_iter_)
        print(json.dumps({"ms": ms, "loss": -found["heldOut"][-1]}), flush=True)


main()
