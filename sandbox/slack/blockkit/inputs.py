"""Elements to fill in: text, numbers, addresses, files, dates and times."""

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.slack.blockkit.between import ordered
from sandbox.slack.blockkit.objects import ACTION, CONFIRM, DISPATCH, focus
from sandbox.slack.blockkit.problem import Spot, Tally
from sandbox.slack.blockkit.rich_text import RICH_TEXT_VALUE
from sandbox.slack.blockkit.rules import Fields, flag, list_of, matching, only_on, string, tagged, whole
from sandbox.slack.blockkit.texts import LINK, plain

_PLACEHOLDER: Fields = {"placeholder": plain(150), "focus_on_load": focus}
_TYPED: Fields = {**_PLACEHOLDER, "dispatch_action_config": DISPATCH}
_PICKED: Fields = {"confirm": CONFIRM, "focus_on_load": focus}
_NUMBER = matching(r"-?[0-9]+(\.[0-9]+)?", "a number written as a string, such as “12”", 40)


def initial_value_fits(element: Any, spot: Spot, tally: Tally) -> None:
    """Want what stands in the field at first to be neither shorter nor longer than what may be sent."""
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if "initial_value" in element and not least <= len(element["initial_value"]) <= most:
        tally.report((spot, "initial_value"), "initial_value", "is not within min_length and max_length")


def whole_numbers(element: Any, spot: Spot, tally: Tally) -> None:
    """Refuse decimals in the element itself when it allows none."""
    for name in ("initial_value", "min_value", "max_value"):
        if not element["is_decimal_allowed"] and "." in element.get(name, ""):
            tally.report((spot, name), "format", "has decimals, and is_decimal_allowed is false")


def real_date(value: object, spot: Spot, tally: Tally) -> None:
    """Accept a day of the calendar as YYYY-MM-DD."""
    _DATE(value, spot, tally)
    if isinstance(value, str) and re.fullmatch(_DAY, value):
        try:
            date.fromisoformat(value)
        except ValueError:
            tally.report(spot, "format", f"is “{value}”, which is not a day of the calendar")


def time_zone(value: object, spot: Spot, tally: Tally) -> None:
    """Accept the name of a time zone of the IANA list."""
    _ZONE(value, spot, tally)
    if isinstance(value, str) and 0 < len(value) <= 255:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            tally.report(spot, "format", f"is “{value[:40]}”, which is not a time zone such as Europe/Berlin")


_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DATE = matching(_DAY, "a date written YYYY-MM-DD")
_TIME = matching(r"([01][0-9]|2[0-3]):[0-5][0-9]", "a time written HH:mm")
_ZONE = string(1, 255)

PICKERS: Fields = {
    "datepicker": tagged(ACTION, {"initial_date": real_date, "placeholder": plain(150), **_PICKED}),
    "timepicker": tagged(ACTION, {"initial_time": _TIME, "timezone": time_zone, "placeholder": plain(150), **_PICKED}),
}

DATETIME_PICKER = only_on(
    tagged(ACTION, {"initial_date_time": whole(1_000_000_000, 9_999_999_999), **_PICKED}), "message", "modal"
)

RICH_TEXT_INPUT = only_on(
    tagged(
        ACTION,
        {"initial_value": RICH_TEXT_VALUE, "min_lines": whole(1, 100), "max_lines": whole(1, 100), **_TYPED},
        ordered("min_lines", "max_lines"),
    ),
    "modal",
    "home",
)

INPUTS: Fields = {
    "plain_text_input": tagged(
        ACTION,
        {
            "initial_value": string(1, 3000),
            "multiline": flag,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
            **_TYPED,
        },
        ordered("min_length", "max_length"),
        initial_value_fits,
    ),
    "number_input": only_on(
        tagged(
            {**ACTION, "is_decimal_allowed": flag},
            {"initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER, **_TYPED},
            ordered("min_value", "max_value"),
            ordered("min_value", "initial_value"),
            ordered("initial_value", "max_value"),
            whole_numbers,
        ),
        "modal",
    ),
    "email_text_input": only_on(
        tagged(ACTION, {"initial_value": matching(r"[^@\s]+@[^@\s]+", "an e-mail address"), **_TYPED}),
        "modal",
    ),
    "url_text_input": only_on(tagged(ACTION, {"initial_value": LINK, **_TYPED}), "modal"),
    "file_input": only_on(
        tagged(ACTION, {"filetypes": list_of(string(1, 255), 1, 100), "max_files": whole(1, 10)}), "modal"
    ),
}
