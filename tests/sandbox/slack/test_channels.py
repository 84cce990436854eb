"""Channels: names, membership, topics, archiving, lists."""

from __future__ import annotations

import pytest

from tests.sandbox.slack.world import World, refusal


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Incident", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("grün", "invalid_name_specials"),
        ("a" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("general", "name_taken"),
        (" ", "invalid_name_required"),
    ],
)
async def test_names_are_checked(world: World, name: str, code: str) -> None:
    assert await refusal(world.client.conversations_create(name=name)) == code


async def test_the_creator_is_in_the_channel(world: World) -> None:
    channel = (await world.client.conversations_create(name="incident-1"))["channel"]
    assert (channel["is_member"], channel["creator"]) == (True, world.bot)
    assert world.said(channel["id"]) == [f"<@{world.bot}> has joined the channel"]


async def test_an_archived_channel_keeps_its_name(world: World) -> None:
    channel = (await world.client.conversations_create(name="old"))["channel"]["id"]
    await world.client.conversations_archive(channel=channel)
    assert await refusal(world.client.conversations_create(name="old")) == "name_taken"
    assert await refusal(world.client.conversations_archive(channel=channel)) == "already_archived"
    assert await refusal(world.client.conversations_setTopic(channel=channel, topic="x")) == "is_archived"
    assert await refusal(world.client.conversations_invite(channel=channel, users=world.alice)) == "is_archived"
    assert await refusal(world.client.chat_postMessage(channel=channel, text="x")) == "is_archived"
    await world.client.conversations_unarchive(channel=channel)
    assert await refusal(world.client.conversations_unarchive(channel=channel)) == "not_archived"


async def test_the_general_channel_is_never_archived(world: World) -> None:
    assert await refusal(world.client.conversations_archive(channel=world.general)) == "cant_archive_general"


async def test_a_renamed_channel_frees_its_name(world: World) -> None:
    channel = (await world.client.conversations_create(name="before"))["channel"]["id"]
    await world.client.conversations_rename(channel=channel, name="after")
    assert (await world.client.conversations_create(name="before"))["ok"]
    assert await refusal(world.client.conversations_rename(channel=channel, name="general")) == "name_taken"
    assert await refusal(world.client.conversations_rename(channel=world.general, name="x")) == "not_authorized"


async def test_topic_and_purpose_are_told_in_the_channel(world: World) -> None:
    await world.client.conversations_setTopic(channel=world.general, topic="All is well")
    await world.client.conversations_setPurpose(channel=world.general, purpose="Talk")
    kept = world.workspace.channels[world.general]
    subtypes = [kept.messages[ts].subtype for ts in kept.order]
    assert subtypes == ["channel_topic", "channel_purpose"]
    assert (kept.topic.value, kept.purpose.value, kept.topic.creator) == ("All is well", "Talk", world.bot)
    assert await refusal(world.client.conversations_setTopic(channel=world.general, topic="x" * 251)) == "too_long"


async def test_only_members_set_topics_and_invite(world: World) -> None:
    assert await refusal(world.client.conversations_setTopic(channel=world.random, topic="x")) == "not_in_channel"
    assert await refusal(world.client.conversations_invite(channel=world.random, users=world.bob)) == "not_in_channel"
    assert await refusal(world.client.conversations_history(channel=world.random)) == "not_in_channel"
    assert await refusal(world.client.chat_postMessage(channel=world.random, text="x")) == "not_in_channel"


async def test_a_private_channel_does_not_exist_for_strangers(world: World) -> None:
    secret = world.workspace.add_channel("secret", private=True, members=["alice"]).id
    for call in (
        world.client.conversations_info(channel=secret),
        world.client.conversations_members(channel=secret),
        world.client.chat_postMessage(channel=secret, text="x"),
        world.client.conversations_invite(channel=secret, users=world.bob),
        world.client.conversations_join(channel=secret),
    ):
        assert await refusal(call) == "channel_not_found"


async def test_invitations_are_told_and_counted(world: World) -> None:
    channel = (await world.client.conversations_create(name="room"))["channel"]["id"]
    await world.client.conversations_invite(channel=channel, users=f"{world.alice},{world.bob}")
    assert (await world.client.conversations_members(channel=channel))["members"] == [
        world.bot, world.alice, world.bob,
    ]  # fmt: skip
    assert world.said(channel)[1:] == [
        f"<@{world.alice}> has joined the channel", f"<@{world.bob}> has joined the channel",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("bot", "cant_invite_self"),
        ("alice", "already_in_channel"),
        ("gone", "cant_invite"),
        ("guest", "cant_invite"),
        ("nobody", "user_not_found"),
    ],
)
async def test_some_cannot_be_invited(world: World, who: str, code: str) -> None:
    world.workspace.add_person("gone", deactivated=True)
    world.workspace.add_person("guest", guest=True)
    fresh = world.workspace.add_person("fresh")
    found = world.workspace.user_names.get(who, world.bot if who == "bot" else "U0000NOBODY")
    channel = world.general
    assert await refusal(world.client.conversations_invite(channel=channel, users=f"{fresh.id},{found}")) == code
    assert fresh.id not in world.workspace.channels[channel].members
    answer = await world.client.conversations_invite(channel=channel, users=f"{fresh.id},{found}", force=True)
    assert answer["errors"] == [{"user": found, "ok": False, "error": code}]
    assert fresh.id in world.workspace.channels[channel].members


async def test_at_most_a_hundred_are_invited_at_once(world: World) -> None:
    users = ",".join(world.workspace.add_person(f"p{n}").id for n in range(101))
    assert await refusal(world.client.conversations_invite(channel=world.general, users=users)) == "invalid_arguments"


async def test_joining_leaving_and_kicking(world: World) -> None:
    await world.client.conversations_join(channel=world.random)
    assert (await world.client.conversations_join(channel=world.random))["warning"] == "already_in_channel"
    await world.client.conversations_kick(channel=world.random, user=world.alice)
    assert await refusal(world.client.conversations_kick(channel=world.random, user=world.alice)) == "user_not_found"
    await world.client.conversations_leave(channel=world.random)
    assert (await world.client.conversations_leave(channel=world.random))["not_in_channel"]
    assert await refusal(world.client.conversations_leave(channel=world.general)) == "cant_leave_general"


async def test_the_apps_own_channels_come_in_pages(world: World) -> None:
    made = [(await world.client.conversations_create(name=f"room-{n}"))["channel"]["id"] for n in range(5)]
    await world.client.conversations_archive(channel=made[0])
    first = await world.client.users_conversations(limit=3)
    second = await world.client.users_conversations(limit=3, cursor=first["response_metadata"]["next_cursor"])
    found = [channel["id"] for channel in [*first["channels"], *second["channels"]]]
    assert found == [world.general, *made]
    assert second["response_metadata"]["next_cursor"] == ""
    short = await world.client.users_conversations(limit=3, exclude_archived=True)
    assert [channel["id"] for channel in short["channels"]] == [world.general, made[1]]
    assert await refusal(world.client.users_conversations(cursor="nonsense")) == "invalid_cursor"
    assert await refusal(world.client.users_conversations(limit=1000)) == "invalid_limit"
    assert await refusal(world.client.users_conversations(types="secret_channel")) == "invalid_types"


async def test_shared_channels_say_so(world: World) -> None:
    shared = world.workspace.add_channel("partners", shared=True).id
    assert (await world.client.conversations_info(channel=shared))["channel"]["is_ext_shared"]


async def test_direct_messages_are_opened_once(world: World) -> None:
    first = await world.client.conversations_open(users=world.alice)
    again = await world.client.conversations_open(users=[world.alice])
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["already_open"]
    gone = world.workspace.add_person("gone", deactivated=True)
    assert await refusal(world.client.conversations_open(users=gone.id)) == "user_disabled"
    assert (
        await refusal(world.client.conversations_open(users=f"{world.alice},{world.bob}")) == "invalid_user_combination"
    )
