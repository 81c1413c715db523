"""What do other programs get to see and to do?"""
