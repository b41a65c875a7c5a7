"""Archives as numpy.savez and numpy.savez_compressed write them."""

import io

import numpy as np

from reference.reference_json import write_reference

ROWS = np.array([[0.5, -1.25, 2.0], [-0.0, 100.0, -3.0]], dtype="<f4")
LABELS = np.array([3, 7], dtype="<i8")


def archive(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue().hex()


write_reference(
    __file__,
    {
        "stored": archive(np.savez, mu=ROWS, labels=LABELS),
        "compressed": archive(np.savez_compressed, mu=ROWS, labels=LABELS),
        "columns": archive(np.savez, mu=np.asfortranarray(ROWS.astype(">f8"))),
        "compressed columns": archive(np.savez_compressed, mu=np.asfortranarray(ROWS)),
        "mu": [float(value) for value in ROWS.ravel()],
        "labels": [int(value) for value in LABELS],
    },
)
