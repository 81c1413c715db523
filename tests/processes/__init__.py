"""How do the processes behave when started, killed and ended?"""
