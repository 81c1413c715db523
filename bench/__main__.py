"""`make bench`: every benchmark, one after the other."""

from bench import board, engine, forecast, guesses, mail, meeting, pages, sheets

if __name__ == "__main__":
    engine.main()
    mail.main()
    sheets.main()
    meeting.main()
    board.main()
    forecast.main()
    pages.main()
    guesses.main()
