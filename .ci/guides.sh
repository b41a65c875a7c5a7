#!/usr/bin/env bash
# Runs the guides as they stand: exports a small VAE from PyTorch, audits and repairs it, and loads the generator again.
# Leaves out, and says so, what this machine has no tools for.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${ZDIST_PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import torch, numpy' 2>/dev/null; then
  echo "guides: no PyTorch in $python (apt-get install python3-torch): left out"
  exit 0
fi
root=$PWD
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
zdist() { node "$root/dist/lab/commands/zdist.js" "$@" --quiet --threads 1; }

# The named blocks of a guide are files; its shell block is what is run.
block() { awk -v start="$2" '$0 == start {on = 1; next} /^```/ {on = 0} on' "$root/docs/guides/$1"; }
cp .ci/guideVae.py "$out/vae.py"
block pytorch.md '```python file=export.py' >"$out/export.py"
block pytorch.md '```python file=generate.py' >"$out/generate.py"
cd "$out"
echo "+ export.py"
OMP_NUM_THREADS=1 "$python" export.py
echo "+ zdist"
while read -r line; do
  echo "+ $line"
  ${line}
done < <(block pytorch.md '```sh')
zdist sample repair/generator.onnx --n 64 --seed 1 --out images.npy
if "$python" -c 'import onnxruntime' 2>/dev/null; then
  echo "+ generate.py"
  "$python" generate.py
else
  echo "guides: no onnxruntime in $python: generator.onnx was run by zdist sample alone"
fi
PYTHONPATH=$out "$python" "$root/.ci/checkGuide.py"

# Codes without models: a folder of its own, and every command starts without what the one before it wrote.
mkdir "$out/cells" && cd "$out/cells"
block codes.md '```python file=codes.py' >codes.py
"$python" "$root/.ci/guideCells.py"
(cd "$root" && node .ci/guideTables.mjs "$out/cells")
while read -r line; do
  echo "+ $line"
  rm -rf audit repair
  eval "$line"
done < <(block codes.md '```sh')
test -s audit/audit.json
