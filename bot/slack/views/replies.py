"""Answers that any verb can give."""

from slack_sdk.models.blocks import Block, ContextBlock, HeaderBlock, SectionBlock

from bot.slack.views.buttons import actions
from bot.slack.views.message import Message
from bot.slack.views.text import CONTEXT, HEADER, SECTION, escape, fit_escaped, mrkdwn, plain
from bot.verbs.replies import HelpPage, Refused, Said, VerbHelp

_LINE = 150
_DETAILS = 2000


def said(noun: Said) -> Message:
    """A sentence, with buttons if there is something to choose."""
    text = fit_escaped(noun.text, SECTION)
    return Message(text, [SectionBlock(text=mrkdwn(text)), *actions(noun.buttons)])


def refused(noun: Refused) -> Message:
    """A refusal, plain and without formatting, and how to type it right."""
    blocks: list[Block] = [SectionBlock(text=plain(noun.text, SECTION))]
    if noun.usage:
        blocks.append(ContextBlock(elements=[mrkdwn(f"It is typed like this: `{escape(noun.usage)}`", CONTEXT)]))
    return Message(fit_escaped(noun.text, SECTION), [*blocks, *actions(noun.buttons)])


def help_page(noun: HelpPage) -> Message:
    """The help of a command; its verbs' details are shown where there is one alone."""
    blocks: list[Block] = [HeaderBlock(text=plain(noun.command, HEADER))]
    if noun.summary:
        blocks.append(SectionBlock(text=mrkdwn(fit_escaped(noun.summary, _LINE))))
    details = _DETAILS if len(noun.verbs) == 1 else _LINE
    blocks += [SectionBlock(text=mrkdwn(_verb(verb, details))) for verb in noun.verbs]
    if noun.hidden:
        more = f"{noun.hidden} more need a role that you do not have. An Opsroom admin can give it to you."
        blocks.append(ContextBlock(elements=[mrkdwn(more, CONTEXT)]))
    return Message(f"Help for {fit_escaped(noun.command, HEADER)}", blocks)


def _verb(verb: VerbHelp, details: int) -> str:
    lines = [f"`{fit_escaped(verb.usage, _LINE)}`", f"{fit_escaped(verb.summary, _LINE)}."]
    return "\n".join([*lines, fit_escaped(verb.details, details)] if verb.details else lines)
