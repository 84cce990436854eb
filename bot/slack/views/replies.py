"""Answers that any verb can give."""

from slack_sdk.models.blocks import Block, ContextBlock, HeaderBlock, SectionBlock

from bot.slack.views.buttons import actions
from bot.slack.views.message import Message
from bot.slack.views.text import CONTEXT, HEADER, SECTION, escape, fit_escaped, mrkdwn, plain
from bot.verbs.replies import HelpPage, Refused, Said, VerbHelp


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
    """The help of a command."""
    blocks: list[Block] = [HeaderBlock(text=plain(noun.command, HEADER))]
    if noun.summary:
        blocks.append(SectionBlock(text=mrkdwn(escape(noun.summary))))
    blocks += [SectionBlock(text=mrkdwn(_verb(verb))) for verb in noun.verbs]
    if noun.hidden:
        more = f"{noun.hidden} more need a role that you do not have. An admin can give you one."
        blocks.append(ContextBlock(elements=[mrkdwn(more, CONTEXT)]))
    return Message(f"Help for {escape(noun.command)}", blocks)


def _verb(verb: VerbHelp) -> str:
    return "\n".join(part for part in (f"`{verb.usage}`", f"{escape(verb.summary)}.", escape(verb.details)) if part)
