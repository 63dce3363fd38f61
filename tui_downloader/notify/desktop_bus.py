"""Notifications by D-Bus, for desktops without `notify-send`: the extra `notify`.

Owns the one call (Desktop Notifications Specification 1.2, `org.freedesktop.Notifications.Notify`).
"""

from __future__ import annotations

import html
from collections.abc import Sequence

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_DEFAULT_TIME = -1


def show_by_bus(sentences: Sequence[str], *, application: str, seconds: float) -> str | None:
    """Shows a notification.

    Args:
        sentences: The first is the headline; safe to print.
        application: Who shows it.
        seconds: How long the desktop may take.

    Returns:
        Why it could not be shown, a clause; `None` if it was.
    """
    from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    body = html.escape("\n".join(sentences[1:]), quote=False)
    hints, actions = {"category": ("s", "transfer")}, list[str]()
    address = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
    values = (application, 0, "", sentences[0], body, actions, hints, _DEFAULT_TIME)
    call = new_method_call(address, "Notify", "susssasa{sv}i", values)
    try:
        with open_dbus_connection() as connection:
            answer = connection.send_and_get_reply(call, timeout=seconds)
    except (OSError, KeyError, ValueError) as error:  # no bus, none named, an address that cannot be read
        return f"the session bus cannot be used: {error}"
    if answer.header.message_type is MessageType.error:
        return f"the desktop said: {answer.header.fields.get(HeaderFields.error_name)}"
    return None
