"""Blocks that show something from elsewhere: image, video, file."""

from sandbox.slack.blockkit.between import exactly_one
from sandbox.slack.blockkit.layout import block
from sandbox.slack.blockkit.objects import SLACK_FILE
from sandbox.slack.blockkit.rules import Fields, choice, only_on, string, text
from sandbox.slack.blockkit.texts import HTTPS_LINK, WEB_LINK, plain

MEDIA: Fields = {
    "image": block(
        {"alt_text": text(1, 2000)},
        {"image_url": WEB_LINK, "slack_file": SLACK_FILE, "title": plain(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    # Slack's page says “less than” 200 and 50 characters.
    "video": block(
        {"alt_text": text(1, 2000), "video_url": HTTPS_LINK, "thumbnail_url": WEB_LINK, "title": plain(199)},
        {
            "title_url": HTTPS_LINK,
            "description": plain(3000),
            "provider_icon_url": WEB_LINK,
            "provider_name": text(1, 255),
            "author_name": text(1, 49),
        },
    ),
    "file": only_on(block({"external_id": string(1, 255), "source": choice("remote")}), "message"),
}
