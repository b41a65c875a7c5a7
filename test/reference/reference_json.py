"""Writes reference numbers as JSON beside the script that made them: innermost lists on one line, so that diffs stay readable."""

import json
from pathlib import Path


def write_reference(script, value):
    path = Path(script).with_suffix(".json")
    path.write_text(_format(value, "") + "\n")
    print(f"wrote {path}")


def _format(value, indent):
    inner = indent + "  "
    if isinstance(value, dict):
        rows = [f"{inner}{json.dumps(key)}: {_format(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        rows = [inner + _format(item, inner) for item in value]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]"
    return json.dumps(value, allow_nan=False)
