"""One file per kind of clock work, found by a folder scan; `clock.py` is APScheduler."""
