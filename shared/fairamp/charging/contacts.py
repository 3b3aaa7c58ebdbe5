"""The two dry contacts, as the settings of their socket understand them."""


def understand(settings, enable_closed: bool, shed_closed: bool, inputs) -> tuple:
    """Writes what they mean for this socket; (downgrade, suspend): what they ask for all sockets together."""
    enable = enable_closed is not settings["charger.enable_inverted"]
    shed = shed_closed is not settings["charger.shed_inverted"]
    of_enable, of_shed = settings["charger.enable_function"], settings["charger.shed_function"]
    inputs.enable_closed = not ((of_enable == "enable" and not enable) or (of_shed == "enable" and not shed))
    inputs.shed_closed = (of_enable == "shed" and enable) or (of_shed == "shed" and shed)
    downgrade = (of_enable == "downgrade" and enable) or (of_shed == "downgrade" and shed)
    suspend = (of_enable == "suspend" and enable) or (of_shed == "suspend" and shed)
    return downgrade, suspend
