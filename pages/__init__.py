"""One page per question; thin: pick, compute, say, draw."""
