"""Train the run, and watch it: breakpoints, watches, measurements, judgements, weights."""
