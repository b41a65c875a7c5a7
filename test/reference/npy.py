"""numpy.save of a few small arrays: the bytes of each file, in hexadecimal, beside its values."""

import io

import numpy as np

from reference.reference_json import write_reference

ARRAYS = {
    "float32": np.array([[0.5, -1.25, 3e38], [1e-45, -0.0, 2.0**-24]], dtype="<f4"),
    "float64": np.array([0.1, -1e308, 5e-324], dtype="<f8"),
    "int64": np.array([[[-(2**63)], [2**63 - 1]], [[0], [-1]]], dtype="<i8"),
    "uint8": np.array([0, 127, 255], dtype="|u1"),
    "scalar": np.array(1.5, dtype="<f8"),
    "empty": np.zeros((0, 2), dtype="<f4"),
}


def case(array):
    file = io.BytesIO()
    np.save(file, array)
    # Integers of 64 bits do not survive JSON: as text.
    values = [str(v) if array.dtype == np.int64 else float(v) for v in array.ravel()]
    return {"shape": list(array.shape), "values": values, "file": file.getvalue().hex()}


write_reference(__file__, {name: case(array) for name, array in ARRAYS.items()})
