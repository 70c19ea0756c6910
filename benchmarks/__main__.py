"""Run every benchmark of our own one after the other: python -m benchmarks. Beside peers: make bench-peers."""

import subprocess
import sys

NAMES = ("attribution", "metrics", "influence", "residuals", "start", "sessions", "busy", "large", "opening")

missed = []
for name in NAMES:
    print(f"\n== benchmarks.{name}", flush=True)
    # Each in a process of its own: memory and imports of one do not count for the next.
    if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
        missed.append(name)
print(f"\n== {'missed: ' + ', '.join(missed) if missed else 'all targets held'}")
sys.exit(1 if missed else 0)
