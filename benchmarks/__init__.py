"""Speed, measured beside the raw library or the peer in one interleaved run, printed as ratios."""
