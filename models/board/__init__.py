"""Where do the cases of a season stand, with whom do they lie, and what will miss its date (卡在哪里)?

Every figure is read through `sight.gates_in_view` or `Viewer.cases`, so that each sees only what is theirs.
"""
