"""Addresses on a network."""


def is_numeric(host):
    """Is it an IPv4 address in numbers? No box can look up names."""
    parts = host.split(".")
    for part in parts:
        # isdigit() takes signs that int() does not. A leading zero would be read as octal, or as a name.
        if not part or len(part) > 3 or part.strip("0123456789") or int(part) > 255 or str(int(part)) != part:
            return False
    return len(parts) == 4
