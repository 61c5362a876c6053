"""Pictures are drawn anew and videos measured; what is neither, or a bomb, is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image

from campaigns.adapters import picture, sniff, video
from networks.protocol import MediaKind
from tests.campaigns import pictures


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_camera_and_place_are_gone_and_the_picture_stands_upright() -> None:
    source = pictures.jpeg(640, 480, orientation=6)
    assert b"CameraWithAName" in source
    cleaned = picture.clean(io.BytesIO(source))
    assert (cleaned.width, cleaned.height) == (480, 640)
    assert not opened(cleaned.data).getexif()
    assert b"CameraWithAName" not in cleaned.data
    red, _green, blue = opened(cleaned.data).convert("RGB").getpixel((470, 10))  # type: ignore[misc]
    assert red > 200 and blue < 120, "the yellow corner turned with the picture"


def test_transparency_stays() -> None:
    cleaned = picture.clean(io.BytesIO(pictures.png(alpha=0)))
    assert cleaned.mime == "image/png"
    assert opened(cleaned.data).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_an_animation_keeps_its_frames_and_pace() -> None:
    cleaned = picture.clean(io.BytesIO(pictures.gif(3)))
    image = opened(cleaned.data)
    assert (cleaned.mime, image.n_frames, image.info["duration"]) == ("image/gif", 3, 80)  # type: ignore[attr-defined]


def test_the_same_picture_twice_gives_the_same_bytes() -> None:
    one, two = (picture.clean(io.BytesIO(pictures.jpeg())) for _ in range(2))
    assert one.data == two.data


def test_a_huge_picture_is_made_small_enough() -> None:
    cleaned = picture.clean(io.BytesIO(pictures.jpeg(6000, 3000)))
    assert (cleaned.width, cleaned.height) == (4096, 2048)
    assert max(opened(cleaned.thumbnail).size) <= 480


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data += struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(picture.NotAPicture, match="bomb"):
        picture.clean(io.BytesIO(data))


def test_half_a_picture_is_refused() -> None:
    with pytest.raises(picture.NotAPicture, match="broken"):
        picture.clean(io.BytesIO(pictures.jpeg()[:2000]))


def test_a_video_is_measured() -> None:
    measured = video.probe(io.BytesIO(pictures.mp4(2, 320, 240)))
    assert (measured.mime, measured.width, measured.height) == ("video/mp4", 320, 240)
    assert measured.seconds == pytest.approx(2, abs=0.2)
    assert measured.codec == "mpeg4"
    assert opened(measured.thumbnail).size == (320, 240)


def test_half_a_video_is_refused() -> None:
    with pytest.raises(video.NotAVideo, match="broken"):
        video.probe(io.BytesIO(pictures.mp4()[:300]))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pictures.jpeg(8, 8), MediaKind.IMAGE),
        (pictures.gif(2), MediaKind.IMAGE),
        (b"#EXTM3U\nhttp://10.0.0.1/secret", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"MZ\x90\x00", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_are(data: bytes, kind: MediaKind | None) -> None:
    assert sniff.kind_of(io.BytesIO(data)) is kind
