"""How does a season go, told in its order?"""
