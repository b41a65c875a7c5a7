"""Reads an exported event file with TensorBoard and holds its scalars against metrics.bin.

    python checkEvents.py RUN LOGS      # after: zdist runs export RUN --to tensorboard --out LOGS
"""

import json
import struct
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def records(path):
    data, at = path.read_bytes(), 0
    while at + 8 <= len(data):
        (length,) = struct.unpack_from("<I", data, at)
        yield json.loads(data[at + 8 : at + 8 + length])
        at += 8 + length


run, logs = Path(sys.argv[1]), Path(sys.argv[2])
expected = {}
for record in records(run / "metrics.bin"):
    if record["type"] == "evaluation":
        values = {f"test/{name}": each["value"] for name, each in record.items() if isinstance(each, dict)}
    elif record["type"] == "progress":
        values = {f"train/{name}": record[name] for name in ("loss", "rate", "score") if name in record}
    else:
        continue
    for tag, value in values.items():
        expected.setdefault(tag, []).append((record["step"], value))

accumulator = EventAccumulator(str(logs / run.name), size_guidance={"scalars": 0})
accumulator.Reload()
tags = accumulator.Tags()["scalars"]
assert sorted(tags) == sorted(expected), f"expected the tags {sorted(expected)}, got {sorted(tags)}"
count = 0
for tag in tags:
    got = [(event.step, event.value) for event in accumulator.Scalars(tag)]
    float32 = [(step, struct.unpack("<f", struct.pack("<f", value))[0]) for step, value in expected[tag]]
    assert got == float32, f"{tag}: expected {float32[:3]} ..., got {got[:3]} ..."
    count += len(got)
print(f"TensorBoard read {count} scalars of {len(tags)} tags, all of them those of metrics.bin to float32")
