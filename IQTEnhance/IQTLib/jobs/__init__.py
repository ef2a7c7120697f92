"""Long commands as jobs: one folder each, which any program can read whether or not the job is still running.

`folder.py` is the view of other programs, `worker.py` that of the worker process, which `launch.py` starts. They
communicate through the file in `state.py`, and `io/locks.py` shows whether a worker is alive.
"""
