"""The log over restarts: what the box tells goes into flash, a little later and together."""


def start(app):
    if app.keeping and app.keeping.folder:
        from fairamp_box.features.diary.diary import Diary

        diary = Diary(app.box, app.clock, app.keeping.folder, app.settings["diary.keep"])
        app.log.follow(diary.take)
        app.keeper.add(diary)
        app.outlets.append(("/api/log", diary.give))
