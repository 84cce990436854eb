"""Block models as the JSON that goes to Slack.

slack_sdk's own `to_dict` looks for validators among all attributes of every model each time, which takes longer than
finding out what a message is to say. What is sent here is the same; that Slack takes it, the tests of the views prove
for any text, against more rules than those validators know.
"""

from typing import Any

from slack_sdk.models.basic_objects import EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST, JsonObject

_names: dict[type[JsonObject], tuple[str, ...]] = {}
_KEEPS_EMPTY = {str(entry["type"]) for entry in EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST}


def as_json(value: Any) -> Any:
    """Return a model, or a list of them, as JSON values; fields without content are left out."""
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if not isinstance(value, JsonObject):
        return value
    if type(value).to_dict is not JsonObject.to_dict or getattr(value, "type", None) in _KEEPS_EMPTY:
        return value.to_dict()
    found = ((name, value.get_object_attribute(name)) for name in _fields(value))
    return {name: as_json(content) for name, content in found if not _is_empty(content)}


def _fields(model: JsonObject) -> tuple[str, ...]:
    kind = type(model)
    if kind not in _names:
        _names[kind] = tuple(sorted(model.attributes))
    return _names[kind]


def _is_empty(content: Any) -> bool:
    return content is None or (hasattr(content, "__len__") and len(content) == 0)
