"""The mean of checkpoints that were trained from one on different data and seeds.

    python average.py --out work/both work/second work/third
"""

import argparse
import pathlib

import torch


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("checkpoints", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    states = [torch.load(path / "model.pt", weights_only=True) for path in arguments.checkpoints]
    mean = {name: sum(state[name].double() for state in states).div(len(states)).to(states[0][name].dtype) for name in states[0]}
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.save(mean, arguments.out / "model.pt")


if __name__ == "__main__":
    main()
