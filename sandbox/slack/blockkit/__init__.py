"""The Block Kit validator of the local workspace: what Slack would refuse, found before it is shown.

    problems = validate_message({"text": "Hello", "blocks": [...]})
    for problem in problems:
        print(problem)          # blocks[3].text.text has 151 characters; at most 150 are allowed.

It refuses all that Slack is known to refuse, and where sources disagree (Slack's pages, slack_sdk,
@slack/types) it takes the strictest. How to read the code: `rules` and `between` are the words, the other
modules are tables written in them: `texts` and `objects`, the elements (`buttons`, `selects`, `inputs`), the
blocks (`layout`, `rich_text`, `media`, `tables`, `cards`) and the surfaces (`message`, `view`). `problem` is
what comes out.
"""

from sandbox.slack.blockkit.message import POST_TEXT_LIMIT, UPDATE_TEXT_LIMIT, validate_message
from sandbox.slack.blockkit.problem import Problem, slack_error
from sandbox.slack.blockkit.view import validate_view

__all__ = [
    "POST_TEXT_LIMIT",
    "UPDATE_TEXT_LIMIT",
    "Problem",
    "slack_error",
    "validate_message",
    "validate_view",
]
