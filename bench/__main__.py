"""`make bench`: every benchmark, one after the other."""

from bench import engine, mail, meeting, pages, sheets

if __name__ == "__main__":
    engine.main()
    mail.main()
    sheets.main()
    meeting.main()
    pages.main()
