"""Sessions that are over, in flash: each is written when the car has gone, and read from there."""


def start(app):
    if app.keeping and app.keeping.folder:
        from fairamp_box.features.sessions.book import Book

        book = Book(app.keeping.folder, app.settings["sessions.keep"])
        app.when_session_ends(book.take)
        # While it is not in the list, it has to be known as the one that runs.
        app.keeper.add(book, first=True)
        app.outlets.append(("/api/sessions", book.give))
