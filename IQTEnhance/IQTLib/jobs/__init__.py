"""Long commands as jobs: one folder each, which any program can read, whether or not the job still runs.

`folder.py` has the job as others see it, `worker.py` as the working process does, `launch.py` starts that process;
`state.py` is the file by which they know of each other, `locks.py` how they know who lives.
"""
