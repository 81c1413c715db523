"""Which processes make up the system, and how are they started, watched and ended?"""
