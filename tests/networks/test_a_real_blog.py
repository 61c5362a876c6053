"""What the sandbox pretends, a real WordPress does: from its own consent page to the trash."""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from networks.adapters.wordpress import Adapter
from networks.protocol import (
    AppKey,
    Content,
    Credentials,
    Media,
    MediaKind,
    NotOurs,
    Reconnect,
    Refused,
    RemoteAccount,
    Sender,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.wire import Reach
from tests.networks.every import fresh, picture
from tests.networks.garbler import a_garbler
from tests.networks.real_blog import PACKAGES, RealBlog, a_real_blog, missing

BACK = "http://127.0.0.1:9/connect/wordpress/callback/"
HERE = Reach(connect=2.0, read=20.0, private=frozenset({"127.0.0.1"}))


@pytest.fixture(scope="module")
def blog() -> Iterator[RealBlog]:
    if lacking := missing():
        pytest.skip(f"NO REAL WORDPRESS: {', '.join(lacking)} not here; on Debian: apt-get install {PACKAGES}")
    with a_real_blog() as running:
        yield running


@pytest.fixture(scope="module")
def wordpress() -> Adapter:
    return Adapter(AppKey("", ""), HERE)


@pytest.fixture(scope="module")
def sender(blog: RealBlog, wordpress: Adapter) -> Sender:
    account = wordpress.enter(wordpress.knock(blog.url), user=blog.user, password=blog.password)
    return Sender(account.uid, account.credentials, account.handle)


def began() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=5)


def image(colour: str = "#7a4a21", alt: str = "Secangkir kopi “tubruk”") -> tuple[Media, Callable[[Media], BinaryIO]]:
    data = picture(colour)
    digest = hashlib.sha256(data).hexdigest()
    media = Media(MediaKind.IMAGE, digest, "image/jpeg", digest, len(data), 320, 240, alt=alt, filename="kopi pagi.jpg")
    return media, lambda _media: io.BytesIO(data)


def closed(_media: Media) -> BinaryIO:
    raise AssertionError("nothing is opened")


def post_of(blog: RealBlog, remote_id: str) -> dict:
    """A post as anybody reads it, with its pictures and terms."""
    answer = blog.anonymous("GET", f"/wp-json/wp/v2/posts/{remote_id}?_embed=1")
    assert answer.status_code == 200, answer.text
    found: dict = answer.json()
    return found


def decide(blog: RealBlog, address: str, button: str) -> dict[str, str]:
    """A person signs in and presses `button` on the blog's own page; what their browser brings back to us."""
    session = requests.Session()
    blog.sign_in(session)
    page = session.get(address, timeout=10)
    form = re.search(r"<form[^>]*action=\"([^\"]*authorize-application.php[^\"]*)\".*?</form>", page.text, re.S)
    assert page.status_code == 200 and form, page.text[:3000]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        about = {name: html.unescape(value) for name, value in re.findall(r"([\w-]+)=['\"]([^'\"]*)['\"]", tag)}
        if about.get("type") in ("hidden", "text"):
            fields[about["name"]] = about.get("value", "")
    answer = session.post(
        urljoin(page.url, html.unescape(form[1])), data={**fields, button: "1"}, allow_redirects=False, timeout=10
    )
    assert answer.status_code == 302, answer.text[:2000]
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def test_a_person_approves_us_on_the_blog_s_own_page_or_does_not(blog: RealBlog, wordpress: Adapter) -> None:
    door = wordpress.knock(f"{blog.url}/wp-admin/profile.php")
    assert (door.uid, door.name, door.root) == (blog.host, "Teras Kopi", f"{blog.url}/wp-json/")
    address = wordpress.consent_url(door, state="a-state", redirect_uri=BACK)
    back = decide(blog, address, "approve")
    assert back["state"] == "a-state" and back["user_login"] == blog.user
    account = wordpress.admit(door, back)
    assert isinstance(account, RemoteAccount) and account.credentials.extra["user_id"] == "1"
    assert wordpress.recent(Sender(account.uid, account.credentials), since=began()).complete
    refused = decide(blog, address, "reject")
    assert "password" not in refused
    with pytest.raises(NotOurs):
        wordpress.admit(door, refused)
    for user, password in ((blog.user, "nope nope nope"), ("reader", blog.login), (blog.user, blog.login)):
        with pytest.raises(NotOurs):
            wordpress.enter(door, user=user, password=password)
    with pytest.raises(TryLater):
        Adapter(AppKey("", ""), Reach(connect=2.0, read=5.0)).knock(f"https://{blog.host}")


def test_a_post_arrives_as_it_was_written_and_is_found(blog: RealBlog, wordpress: Adapter, sender: Sender) -> None:
    since = began()
    cover, open_cover = image()
    text = (
        'Kopi & “teh” <script>alert(1)</script> 100% ☕\nBaris kedua [gallery ids="1"]\n\n'
        "Menu: https://teraskopi.example/menu?a=1&b=2."
    )
    options = {
        "categories": "Kabar, Resep & Cerita",
        "tags": "#kopi, jakarta",
        "excerpt": "Ringkas <b>",
        "slug": "kopi-pagi",
    }
    content = Content(text, title="Kopi “pagi” & <i>senja</i>", media=(cover,), options=options)
    receipt = wordpress.publish(sender, content, open_media=open_cover)
    shown = post_of(blog, receipt.remote_id)
    body = shown["content"]["rendered"]
    assert "<script" not in body and "alert(1)" in body and "[gallery" in html.unescape(body)
    assert '<a href="https://teraskopi.example/menu?a=1&amp;b=2">' in body or "menu?a=1&#038;b=2" in body
    assert receipt.url == shown["link"] == f"{blog.url}/kopi-pagi/"
    assert "<i>" not in shown["title"]["rendered"] and "senja" in shown["title"]["rendered"]
    assert shown["_embedded"]["wp:featuredmedia"][0]["alt_text"] == cover.alt
    names = {html.unescape(term["name"]) for terms in shown["_embedded"]["wp:term"] for term in terms}
    assert names == {"Kabar", "Resep & Cerita", "kopi", "jakarta"}
    again = wordpress.publish(sender, content, open_media=open_cover)  # the terms are there already
    assert again.url == f"{blog.url}/kopi-pagi-2/"
    listing = wordpress.recent(sender, since=since)
    assert listing.complete
    assert {one.remote_id for one in listing.posts if wordpress.same(content, one)} == {
        receipt.remote_id,
        again.remote_id,
    }
    draft = Content(fresh("Belum jadi"), title="Draf", options={"status": "draft"})
    kept = wordpress.publish(sender, draft, open_media=closed)
    assert blog.anonymous("GET", f"/wp-json/wp/v2/posts/{kept.remote_id}").status_code == 401
    assert [one.remote_id for one in wordpress.recent(sender, since=since).posts if wordpress.same(draft, one)] == [
        kept.remote_id
    ]


def test_an_answer_that_was_lost_is_looked_for_and_never_sent_again(
    blog: RealBlog, wordpress: Adapter, sender: Sender
) -> None:
    content, since = Content(fresh("Sekali saja"), title="Sekali"), began()
    with a_garbler(blog.url) as between:
        between.lost = "POST /wp-json/wp/v2/posts"
        extra = {**sender.credentials.extra, "root": f"{between.url}/wp-json/"}
        through = Sender(sender.uid, Credentials(sender.credentials.access_token, extra=extra))
        with pytest.raises(Unsure):
            wordpress.publish(through, content, open_media=closed)
    listing = wordpress.recent(sender, since=since)
    assert listing.complete and len([one for one in listing.posts if wordpress.same(content, one)]) == 1
    other = Content(fresh("Sekali saja"), title="Sekali")
    assert not [one for one in listing.posts if wordpress.same(other, one)]


def test_words_change_and_pictures_stay_until_the_post_is_in_the_trash(
    blog: RealBlog, wordpress: Adapter, sender: Sender
) -> None:
    (cover, open_cover), (other, _) = image(), image("#0b6e66", "Teras")
    content = Content("Sebelum", title="Judul", media=(cover, other))
    receipt = wordpress.publish(sender, content, open_media=open_cover)
    changed = Content("Sesudah\n\nBaru", title="Judul baru", media=(cover, other))
    wordpress.edit(sender, receipt.remote_id, changed)
    wordpress.edit(sender, receipt.remote_id, changed)
    shown = post_of(blog, receipt.remote_id)
    body = shown["content"]["rendered"]
    assert "Sesudah" in body and "Sebelum" not in body and body.count("<img") == 1 and 'alt="Teras"' in body
    assert shown["title"]["rendered"] == "Judul baru" and shown["featured_media"]
    listing = wordpress.recent(sender, since=began() - timedelta(minutes=1))
    [found] = [one for one in listing.posts if one.remote_id == receipt.remote_id]
    assert wordpress.same(changed, found) and not wordpress.same(content, found)
    assert [one.comments for one in wordpress.measure(sender, [receipt.remote_id, "999999"])] == [0]
    for _ in range(2):
        wordpress.delete(sender, receipt.remote_id)
    assert blog.anonymous("GET", f"/wp-json/wp/v2/posts/{receipt.remote_id}").status_code in (401, 404)
    assert wordpress.measure(sender, [receipt.remote_id]) == []


def test_a_comment_is_heard_on_hold_approved_answered_and_removed(
    blog: RealBlog, wordpress: Adapter, sender: Sender
) -> None:
    since = began()
    post = wordpress.publish(sender, Content(fresh("Apa kabar"), title="Kabar"), open_media=closed).remote_id
    form = {"comment_post_ID": post, "author": "Rina", "email": "rina@example.test", "comment": "Buka jam berapa?"}
    said = blog.anonymous("POST", "/wp-comments-post.php", data=form, allow_redirects=False)
    assert said.status_code == 302, said.text[:500]
    [event] = [one for one in wordpress.poll(sender, since=since) if one.post_id == post]  # there is a sample comment
    assert (event.text, event.author.name, event.raw["status"]) == ("Buka jam berapa?", "Rina", "hold")
    assert "rina@example.test" not in repr(event)
    path = f"/wp-json/wp/v2/comments?post={post}"
    assert blog.anonymous("GET", path).json() == []
    wordpress.hide(sender, event.message_id, hidden=False)
    wordpress.hide(sender, event.message_id, hidden=False)
    assert len(blog.anonymous("GET", path).json()) == 1
    target = Target(TargetKind.COMMENT_REPLY, post, event.message_id)
    answer = Content("Jam 7 & setiap hari <3")
    made = wordpress.reply(sender, answer, target=target, open_media=closed)
    found = wordpress.recent(sender, since=since, target=target)
    assert found.complete and [one.remote_id for one in found.posts if wordpress.same(answer, one)] == [made.remote_id]
    with pytest.raises(Unsure):
        wordpress.reply(sender, answer, target=target, open_media=closed)
    heard = [one for one in wordpress.poll(sender, since=since) if one.post_id == post]
    assert [one.author.uid == sender.uid for one in heard] == [False, True]
    assert wordpress.measure(sender, [post])[0].comments == 2
    wordpress.hide(sender, event.message_id, hidden=True)
    assert [one["id"] for one in blog.anonymous("GET", path).json()] == [int(made.remote_id.removeprefix("comment-"))]
    for _ in range(2):
        wordpress.remove(sender, event.message_id)
    left = [one.message_id for one in wordpress.poll(sender, since=since) if one.post_id == post]
    assert left == [made.remote_id]


def test_its_refusals_say_what_to_do_next(blog: RealBlog, wordpress: Adapter, sender: Sender) -> None:
    site = wordpress._site(sender)
    with pytest.raises(Refused) as refusal:  # its status is 500, and yet it will never be taken
        site.upload(b"MZ\x90", mime="application/x-msdownload", filename="a.exe")
    assert refusal.value.code == "rest_upload_sideload_error" and "500" in refusal.value.detail
    shut_out = Sender(sender.uid, Credentials("sari:no such password here", extra=sender.credentials.extra))
    content = Content("Tidak jadi", title="Tidak", options={"comments_closed": True})
    for act in (
        lambda: wordpress.publish(shut_out, content, open_media=closed),
        lambda: wordpress.recent(shut_out, since=began()),
        lambda: wordpress.poll(shut_out, since=began()),
    ):
        with pytest.raises(Reconnect):
            act()
    post = wordpress.publish(sender, content, open_media=closed).remote_id
    target = Target(TargetKind.COMMENT, post)
    wordpress.delete(sender, post)
    with pytest.raises(Refused, match=r"trash|not there"):
        wordpress.reply(sender, Content("Halo"), target=target, open_media=closed)
    with pytest.raises(Refused, match="not there"):
        wordpress.hide(sender, "comment-999999", hidden=True)
    gone = Sender(
        sender.uid, Credentials(sender.credentials.access_token, extra={"root": f"{blog.url}/wp-json/nothing/"})
    )
    with pytest.raises(TryLater):
        wordpress.publish(gone, content, open_media=closed)
    plain = opened_at(sender, f"{blog.url}/?rest_route=/")  # a blog without pretty addresses
    assert wordpress.recent(plain, since=began()).complete


def opened_at(sender: Sender, root: str) -> Sender:
    """The same account with its interface elsewhere."""
    extra = {**sender.credentials.extra, "root": root}
    return Sender(sender.uid, Credentials(sender.credentials.access_token, extra=extra))
