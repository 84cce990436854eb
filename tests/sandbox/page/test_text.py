"""How text is read: mrkdwn, Markdown, and that nothing in it becomes more than text."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.fixtures.browser import Windows
from tests.sandbox.page import gallery
from tests.sandbox.page.conftest import Office, enter

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DRAW = """async ([module, name, texts]) => {
  const { mount } = await import('/js/dom.js');
  const draw = (await import(`/js/${module}.js`))[name];
  return texts.map((text) => {
    const box = document.createElement('div');
    mount(box, draw(text));
    return box.innerHTML.replaceAll(/ (dir|tabindex|class|rel|target|title|role|aria-label|style)="[^"]*"/g, '');
  });
}"""


async def drawn(page: Page, module: str, name: str, texts: list[Any]) -> list[str]:
    found: list[str] = await page.evaluate(DRAW, [module, name, texts])
    return found


async def test_mrkdwn(office: Office, page: Page) -> None:
    me, ops = office.ids["alice"], office.ids["ops"]
    cases = {
        "plain words": "<p>plain words</p>",
        "*bold* _italic_ ~gone~ `code`": "<p><strong>bold</strong> <em>italic</em> <s>gone</s> <code>code</code></p>",
        "*bold _both_ bold*": "<p><strong>bold <em>both</em> bold</strong></p>",
        "2*3*4 snake_case_name a~b~c": "<p>2*3*4 snake_case_name a~b~c</p>",
        "* not bold * and _ not either _": "<p>* not bold * and _ not either _</p>",
        "`*not bold*`": "<p><code>*not bold*</code></p>",
        "*bold with `a*b` inside*": "<p><strong>bold with <code>a*b</code> inside</strong></p>",
        "*open": "<p>*open</p>",
        "(*bold*), *bold*.": "<p>(<strong>bold</strong>), <strong>bold</strong>.</p>",
        "one\ntwo": "<p>one<br>two</p>",
        "&lt;b&gt; &amp;amp; &amp;": "<p>&lt;b&gt; &amp;amp; &amp;</p>",
        "> quoted\n> more\nnot": "<blockquote>quoted<br>more</blockquote><p>not</p>",
        "&gt; quoted": "<blockquote>quoted</blockquote>",
        ">>> all\nof it": "<blockquote><p>all<br>of it</p></blockquote>",
        "• one\n• two": "<ul><li>one</li><li>two</li></ul>",
        "1. one\n2. two": "<ol><li>one</li><li>two</li></ol>",
        "3. three": '<ol start="3"><li>three</li></ol>',
        "```\na *b*\n c\n``` after": "<pre><code>a *b*\n c</code></pre><p> after</p>",
        "<https://docs.example/a?b=1&amp;c=2|*docs*>": '<p><a href="https://docs.example/a?b=1&amp;c=2">'
        "<bdi>*docs*</bdi></a></p>",
        "see https://docs.example/x.": '<p>see <a href="https://docs.example/x"><bdi>https://docs.example/x</bdi></a>.</p>',
        "<mailto:a@b.example|a@b.example>": '<p><a href="mailto:a@b.example"><bdi>a@b.example</bdi></a></p>',
        f"<@{me}>": "<p><span><bdi>@Alice Moreau</bdi></span></p>",
        f"<@{me}|x>": "<p><span><bdi>@Alice Moreau</bdi></span></p>",
        "<@U99999999>": "<p><span><bdi>@U99999999</bdi></span></p>",
        f"<#{ops}|ops>": f'<p><a href="#/{me}/{ops}">#ops</a></p>',
        "<#C99999999>": "<p><span>a private channel</span></p>",
        "<!here> <!channel> <!everyone>": "<p><span>@here</span> <span>@channel</span> <span>@everyone</span></p>",
        "<!date^1789300800^{date_num} {time}|then>": '<p><time datetime="2026-09-13T12:00:00.000Z">'
        "2026-09-13 14:00</time></p>",
        "<!date^1789300800^{nonsense}|then>": '<p><time datetime="2026-09-13T12:00:00.000Z">then</time></p>',
        "<!date^soon^{date}|then>": "<p>then</p>",
        ":rotating_light: :no_such_emoji: 10:30:00": "<p><span>🚨</span> <span>:no_such_emoji:</span> 10:30:00</p>",
        "<who knows>": "<p>&lt;who knows&gt;</p>",
        "": "",
    }
    found = await drawn(page, "mrkdwn", "mrkdwn", list(cases))
    assert dict(zip(cases, found, strict=True)) == cases


async def test_markdown(office: Office, page: Page) -> None:
    cases = {
        "## One\n\nText\n### Two": "<h3>One</h3><p>Text</p><h4>Two</h4>",
        "**b** *i* _i_ ~~s~~ `c`": "<p><strong>b</strong> <em>i</em> <em>i</em> <s>s</s> <code>c</code></p>",
        "snake_case_name is left": "<p>snake_case_name is left</p>",
        r"\*plain\*": "<p>*plain*</p>",
        "[docs](https://docs.example/a)": '<p><a href="https://docs.example/a"><bdi>docs</bdi></a></p>',
        "- a\n- b\n  - c": "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
        "1. a\n2. b": "<ol><li>a</li><li>b</li></ol>",
        "- [x] done": "<ul><li><span>☑ </span>done</li></ul>",
        "```js\na < b\n```": "<pre><code>a &lt; b</code></pre>",
        "> q\n> r": "<blockquote><p>q<br>r</p></blockquote>",
        "---": "<hr>",
        "| a | b |\n|---|:-:|\n| 1 | 2 |": '<div><table><thead><tr><th scope="col">a</th>'
        '<th scope="col">b</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>",
        "<b>no</b>": "<p>&lt;b&gt;no&lt;/b&gt;</p>",
        "![pic](https://pictures.example/x.png)": '<p><a href="https://pictures.example/x.png"><bdi>pic</bdi></a></p>',
    }
    found = await drawn(page, "markdown", "markdown", list(cases))
    assert dict(zip(cases, found, strict=True)) == cases


HOSTILE = [
    "<script>window.hurt = 1</script>",
    "&lt;script&gt;window.hurt = 1&lt;/script&gt;",
    "<img src=x onerror='window.hurt = 1'>",
    "<javascript:window.hurt=1|click me>",
    "<JaVaScRiPt:window.hurt=1|click me>",
    "<java\tscript:window.hurt=1|click me>",
    "<data:text/html,<script>window.hurt=1</script>|x>",
    "<vbscript:x|click>",
    '<https://docs.example/" onmouseover="window.hurt=1|x>',
    "[x](javascript:window.hurt=1) ![x](javascript:window.hurt=1)",
    "<a href='javascript:window.hurt=1'>x</a>",
    "`<img src=x onerror=window.hurt=1>` ```<svg onload=window.hurt=1>```",
    "\u202egpj.exe\u202c \u2066hidden\u2069",
    "<!date^1^{date}^javascript:window.hurt=1|x>",
    '<!subteam^S1|<b>x</b>> <@U1|<i>x</i>> <#C1|"><script>window.hurt=1</script>>',
    "*" * 2000,
    "_*~" * 700,
    "<" * 1500,
    "> " * 1000,
    "```" * 500,
    "[" * 1500 + "](",
]


@pytest.mark.parametrize("source", ["mrkdwn", "markdown"])
async def test_hostile_text_stays_text(page: Page, source: str) -> None:
    for text in await page.evaluate(DRAW, [source, source, HOSTILE]):
        assert "<script" not in text
        assert "<img" not in text
        assert "<svg" not in text
        assert 'href="javascript' not in text.lower()
        assert "\u202e" not in text
        assert "\u2066" not in text
    marked = await page.evaluate(
        """async ([source, texts]) => {
          const { mount } = await import('/js/dom.js');
          const draw = (await import(`/js/${source}.js`))[source];
          const box = document.body.appendChild(document.createElement('div'));
          mount(box, texts.map((text) => draw(text)));
          const bad = [...box.querySelectorAll('*')].filter((node) => [...node.attributes].some(
            (one) => one.name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(one.value)));
          return bad.map((node) => node.outerHTML);
        }""",
        [source, HOSTILE],
    )
    assert marked == []
    assert await page.evaluate("window.hurt") is None


async def test_hostile_words_everywhere_else(office: Office, windows: Windows) -> None:
    evil = "<img src=x onerror='window.hurt=1'><script>window.hurt=1</script>\u202etxt"
    office.workspace.add_person("mallory", display_name=evil[:60], title=evil)
    await office.workspace.people.join("mallory", "ops")
    ops = office.workspace.channel("ops")
    ops.topic = office.workspace.headline(evil, office.ids["bob"])
    await office.say("mallory", "ops", evil)
    await office.post(
        "ops",
        evil,
        username=None,
        blocks=[
            {"type": "header", "text": gallery.plain(evil)},
            {"type": "section", "text": gallery.mrkdwn(evil), "accessory": gallery.button(evil[:70], "x", value="v")},
            {"type": "context", "elements": [gallery.plain(evil)]},
            gallery.rich(gallery.line(evil, {"type": "link", "url": "https://docs.example/", "text": evil})),
            {"type": "markdown", "text": evil},
            {"type": "table", "rows": [[{"type": "raw_text", "text": evil}], [{"type": "raw_text", "text": evil}]]},
            {
                "type": "plan",
                "title": evil,
                "tasks": [{"type": "task_card", "task_id": "t", "title": evil, "status": "pending"}],
            },
            {"type": "image", "image_url": "https://pictures.example/x.png", "alt_text": evil},
        ],
    )
    page = await enter(windows, office, "alice", "ops")
    await expect(page.get_by_role("heading", name="<script>").first).to_be_visible()
    await page.get_by_role("button", name="members").click()
    assert await page.evaluate("window.hurt") is None
    assert await page.locator("img[src=x], main script").count() == 0
    assert "\u202e" not in await page.inner_text("body")
    assert "\u202e" not in await page.evaluate("document.documentElement.outerHTML")


async def test_links_of_other_schemes_are_words(office: Office, page: Page) -> None:
    await office.post("ops", "<javascript:alert(1)|press me> <https://docs.example/|fine>")
    message = page.get_by_role("article").last
    await expect(message.get_by_role("link")).to_have_count(1)
    await expect(message).to_contain_text("press me")


async def test_right_to_left_words_keep_their_direction(office: Office, page: Page) -> None:
    await office.post("ops", "שלום עולם")
    paragraph = page.get_by_role("article").last.locator("p")
    assert await paragraph.evaluate("node => getComputedStyle(node).direction") == "rtl"


async def test_plain_text_keeps_its_lines(page: Page) -> None:
    height = await page.evaluate(
        """async () => {
          const { mount } = await import('/js/dom.js');
          const { textObject } = await import('/js/mrkdwn.js');
          const box = document.body.appendChild(document.createElement('div'));
          const tall = (text) => {
            mount(box, textObject({ type: 'plain_text', text }));
            return box.getBoundingClientRect().height;
          };
          const heights = [tall('one'), tall('one\\ntwo\\nthree')];
          box.remove();
          return heights;
        }"""
    )
    assert height[1] > 2 * height[0]
