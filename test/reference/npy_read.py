"""Arrays as numpy saves them in every type and order that is read: the bytes of each file beside its values, row by row."""

import io

import numpy as np

from reference.reference_json import write_reference

ROWS = [[0.5, -1.25, 2.0], [-0.0, 100.0, -3.0]]
WHOLE = [[0, 1, 2], [100, 4, 3]]


def case(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return {
        "shape": list(array.shape),
        "values": [float(v) for v in array.ravel(order="C")],
        "file": file.getvalue().hex(),
    }


HALVES = [0.0, 6e-8, 6.1e-5, 1.0, 65504.0, -65504.0, 0.333251953125]
CUBE = np.arange(24, dtype="<f4").reshape(2, 3, 4)

cases = {dtype: case(np.array(ROWS, dtype=dtype)) for dtype in ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]}
integers = ["|i1", "|u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8"]
cases |= {dtype: case(np.array(WHOLE, dtype=dtype)) for dtype in integers}
cases["bool"] = case(np.array([True, False, True]))
cases["halves"] = case(np.array(HALVES, dtype="<f2"))
cases["fortran"] = case(np.asfortranarray(np.array(ROWS, dtype="<f4")))
cases["fortran big-endian float64"] = case(np.asfortranarray(np.array(ROWS, dtype=">f8")))
cases["fortran of three axes"] = case(np.asfortranarray(CUBE))
cases["version 2.0"] = case(np.array(ROWS, dtype="<f4"), (2, 0))
cases["version 3.0"] = case(np.array(ROWS, dtype="<f4"), (3, 0))

objects = io.BytesIO()
np.save(objects, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
records = io.BytesIO()
np.save(records, np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
text = io.BytesIO()
np.save(text, np.array(["a", "bc"]))
complexes = io.BytesIO()
np.save(complexes, np.array([1j]))
refused = {"objects": objects, "records": records, "text": text, "complex": complexes}

write_reference(
    __file__, {"read": cases, "refused": {name: file.getvalue().hex() for name, file in refused.items()}}
)
