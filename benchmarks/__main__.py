"""Run every benchmark one after the other: python -m benchmarks."""

import runpy

for name in ("benchmarks.attribution", "benchmarks.metrics", "benchmarks.start"):
    print(f"\n== {name}")
    runpy.run_module(name, run_name="__main__")
