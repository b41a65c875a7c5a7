#!/usr/bin/env bash
# Runs the guides as they stand: exports small VAEs from PyTorch, audits and repairs them, and loads the generators again.
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
export OMP_NUM_THREADS=1

# onnxruntime and onnx for this Python, in an environment of their own; without them zdist runs what it wrote.
if ! "$python" -c 'import onnxruntime, onnx' 2>/dev/null; then
  "$python" -m venv --system-site-packages --without-pip "$out/venv"
  if python3 -m pip --python "$out/venv/bin/python" install --quiet --no-input --retries 1 --timeout 20 \
    onnxruntime==1.22.1 onnx==1.16.2 'numpy<2' 2>"$out/pip.log"; then
    python=$out/venv/bin/python
  else
    echo "guides: no onnxruntime for $python ($(tail -n 1 "$out/pip.log")): generators are run by zdist alone"
  fi
fi

# The named blocks of a guide are files; its shell block is what is run.
block() { awk -v start="$2" '$0 == start {on = 1; next} /^```/ {on = 0} on' "$root/docs/guides/$1"; }
commands() {
  while read -r line; do
    echo "+ $line"
    eval "$line"
  done < <(block "$1" '```sh')
}

mkdir "$out/pytorch" && cd "$out/pytorch"
cp "$root/.ci/guideVae.py" vae.py
block pytorch.md '```python file=export.py' >export.py
block pytorch.md '```python file=generate.py' >generate.py
echo "+ export.py"
"$python" export.py
commands pytorch.md
zdist sample repair/generator.onnx --n 64 --seed 1 --out images.npy
if "$python" -c 'import onnxruntime' 2>/dev/null; then
  echo "+ generate.py"
  "$python" generate.py
fi
PYTHONPATH=. "$python" "$root/.ci/checkGuide.py"

# Decoders of other kinds, joined.
mkdir "$out/generators" && cd "$out/generators"
echo "+ generators of foreign decoders"
"$python" "$root/.ci/checkGenerators.py" node "$root/dist/lab/commands/zdist.js"

# Codes with places.
mkdir "$out/maps" && cd "$out/maps"
cp "$root/.ci/autoencoder.py" .
block latentDiffusion.md '```python file=maps.py' >maps.py
echo "+ maps.py"
"$python" maps.py
commands latentDiffusion.md
zdist audit --mu mu.npy --sigma sigma.npy --only moments --json >moments.json
"$python" "$root/.ci/checkMaps.py"

# Codes without models: a folder of its own, and every command starts without what the one before it wrote.
mkdir "$out/cells" && cd "$out/cells"
block codes.md '```python file=codes.py' >codes.py
"$python" "$root/.ci/guideCells.py"
(cd "$root" && node .ci/guideTables.mjs "$out/cells")
zdist audit --mu mu.npy --sigma sigma.npy --out first
"$python" "$root/.ci/checkCells.py"
while read -r line; do
  echo "+ $line"
  rm -rf audit repair
  eval "$line"
done < <(block codes.md '```sh')
test -s audit/audit.json
