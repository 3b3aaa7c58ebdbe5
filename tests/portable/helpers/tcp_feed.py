def feed(session, data, send):
    """Hands over all that has come, whatever it holds."""
    at = 0
    while at < len(data) and not session.broken:
        at = session.take(data, at, len(data), send)
