"""How fast is the system, measured on this machine and side by side with what it replaces?"""
