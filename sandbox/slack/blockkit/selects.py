"""Elements to choose from: select menus, multi-select menus, overflow menus, checkboxes, radio buttons."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.blockkit.between import exactly_one
from sandbox.slack.blockkit.objects import (
    ACTION,
    CONFIRM,
    CONVERSATION_FILTER,
    LINK_OPTION,
    MARKED_OPTION,
    OPTION,
    OPTION_GROUP,
    focus,
)
from sandbox.slack.blockkit.problem import Spot, Tally
from sandbox.slack.blockkit.rules import Fields, Rule, flag, list_of, tagged, whole
from sandbox.slack.blockkit.texts import CHANNEL_ID, CONVERSATION_ID, USER_ID, plain

# @slack/types leaves the placeholder out; slack_sdk calls it required, and it is what a screen reader says.
_MENU: Fields = {**ACTION, "placeholder": plain(150)}
_USUAL: Fields = {"confirm": CONFIRM, "focus_on_load": focus}
_MANY: Fields = {**_USUAL, "max_selected_items": whole(1, 100)}
_LISTED: Fields = {"options": list_of(OPTION, 1, 100), "option_groups": list_of(OPTION_GROUP, 1, 100)}
_QUERY: Fields = {"min_query_length": whole(0, 255)}
_CONVERSATIONS: Fields = {"default_to_current_conversation": flag, "filter": CONVERSATION_FILTER}


def _options(element: Any, spot: Spot) -> Iterator[tuple[Any, Spot]]:
    yield from _listed(element, "options", spot)
    for group, place in _listed(element, "option_groups", spot):
        yield from _listed(group, "options", place)


def _listed(value: Any, name: str, spot: Spot) -> Iterator[tuple[Any, Spot]]:
    return ((item, ((spot, name), index)) for index, item in enumerate(value.get(name, ())))


def different_values(element: Any, spot: Spot, tally: Tally) -> None:
    """Refuse two options with the same value."""
    seen: set[str] = set()
    for option, place in _options(element, spot):
        value = option["value"]
        if value in seen:
            tally.report((place, "value"), "duplicate", f"is “{value}” for the second time; it must be unique")
        seen.add(value)


def initial_is_an_option(element: Any, spot: Spot, tally: Tally) -> None:
    """Want what is chosen at first to be, word for word, one of the options."""
    known = [option for option, _ in _options(element, spot)]
    chosen = list(_listed(element, "initial_options", spot))
    if "initial_option" in element:
        chosen.append((element["initial_option"], (spot, "initial_option")))
    for option, place in chosen:
        if option not in known:
            tally.report(place, "not_an_option", "is not one of the options")


def initial_fits(name: str) -> Rule:
    """Want no more chosen at first than `max_selected_items`, and nothing twice."""

    def rule(element: Any, spot: Spot, tally: Tally) -> None:
        initial = element.get(name, [])
        most = element.get("max_selected_items", len(initial))
        if len(initial) > most:
            tally.report((spot, name), "too_many", f"has {len(initial)} items; max_selected_items is {most}")
        for index, item in enumerate(initial):
            if item in initial[:index]:
                tally.report(((spot, name), index), "duplicate", "is chosen for the second time")

    return rule


def _menu(initial: Fields, *groups: Fields, between: tuple[Rule, ...] = ()) -> Rule:
    optional = {name: rule for group in (initial, *groups) for name, rule in group.items()}
    return tagged(_MENU, optional, *between)


def _many(name: str, item: Rule, *groups: Fields, between: tuple[Rule, ...] = ()) -> Rule:
    return _menu({name: list_of(item, 1, 100)}, _MANY, *groups, between=(*between, initial_fits(name)))


_FROM_LIST = (exactly_one("options", "option_groups"), different_values, initial_is_an_option)

_ENABLED: Fields = {"response_url_enabled": flag}

SELECTS: Fields = {
    "static_select": _menu({"initial_option": OPTION}, _USUAL, _LISTED, between=_FROM_LIST),
    "external_select": _menu({"initial_option": OPTION}, _USUAL, _QUERY),
    "users_select": _menu({"initial_user": USER_ID}, _USUAL),
    "conversations_select": _menu({"initial_conversation": CONVERSATION_ID}, _USUAL, _CONVERSATIONS, _ENABLED),
    "channels_select": _menu({"initial_channel": CHANNEL_ID}, _USUAL, _ENABLED),
}

MULTI_SELECTS: Fields = {
    "multi_static_select": _many("initial_options", OPTION, _LISTED, between=_FROM_LIST),
    "multi_external_select": _many("initial_options", OPTION, _QUERY),
    "multi_users_select": _many("initial_users", USER_ID),
    "multi_conversations_select": _many("initial_conversations", CONVERSATION_ID, _CONVERSATIONS),
    "multi_channels_select": _many("initial_channels", CHANNEL_ID),
}

OVERFLOW = tagged({**ACTION, "options": list_of(LINK_OPTION, 1, 5)}, {"confirm": CONFIRM}, different_values)

CHECKBOXES = tagged(
    {**ACTION, "options": list_of(MARKED_OPTION, 1, 10)},
    {**_USUAL, "initial_options": list_of(MARKED_OPTION, 1, 10)},
    different_values,
    initial_is_an_option,
    initial_fits("initial_options"),
)

RADIO_BUTTONS = tagged(
    {**ACTION, "options": list_of(MARKED_OPTION, 1, 10)},
    {**_USUAL, "initial_option": MARKED_OPTION},
    different_values,
    initial_is_an_option,
)
