"""`make bench`: every benchmark, one after the other."""

from bench import engine, mail

if __name__ == "__main__":
    engine.main()
    mail.main()
