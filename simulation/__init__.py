"""How does a whole season go, when made-up people do everything in it?

`run.simulate` gives an installation of its own to a process that plays the season: `candidates` makes up who
enters, `plans` what becomes of them, `people` how everybody answers, `season` lets the days pass, `engine`
waits for the flows, `figures` reports.
"""
