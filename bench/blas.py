"""Which BLAS PyTorch multiplies with."""
import os


def blas_library():
    """The file behind libblas: the reference BLAS would make PyTorch look many times slower than it is."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    return next((os.path.basename(path) for path in sorted(paths) if "openblas" in os.path.basename(path)), "other")
