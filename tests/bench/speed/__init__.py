"""The parts of `tests/bench/run.py`: cases, what they are compared with, the clock and the table."""
