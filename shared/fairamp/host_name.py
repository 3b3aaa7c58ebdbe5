"""A name for the network, made of the name that people gave their box."""

# What MicroPython keeps of it.
MOST = 32
UNNAMED = "fairamp"


def host_name(text: str) -> str:
    """Small letters, digits and single dashes in between: what a host may be called."""
    name = ""
    for sign in text.lower():
        if "a" <= sign <= "z" or "0" <= sign <= "9":
            name += sign
        elif name and name[-1] != "-":
            name += "-"
    return name[:MOST].rstrip("-") or UNNAMED
