"""Teras Kopi, the demo's brand from Jakarta: its people, campaigns, ideas and drafts. All of it is made up."""

from __future__ import annotations

from dataclasses import dataclass

from networks.protocol import TargetKind
from workspaces.permissions import Role

NAME = "Teras Kopi"
ZONE = "Asia/Jakarta"
PLACES = ["ID"]
ENDORSER = "Nadia Putri"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in to the demo. `who` says in a word what they are there for."""

    who: str
    name: str
    email: str
    role: Role


PEOPLE = (
    Person("Owner", "Ratna Wibowo", "ratna@teraskopi.example", Role.OWNER),
    Person("Marketer", "Dewi Anggraini", "dewi@teraskopi.example", Role.MARKETER),
    Person("Support agent", "Bima Saputra", "bima@teraskopi.example", Role.AGENT),
    Person("Compliance officer", "Olivia Hartono", "olivia@teraskopi.example", Role.OFFICER),
)

# name, goal, colour, days from today until it starts and ends, whether Nadia speaks for it
CAMPAIGNS = (
    ("Harbolnas 12.12", "Sell 4,000 bottles of Cold Brew Gula Aren by 12 December", "#D97706", -7, 21, False),
    (
        "Kenalan Sama Petani",
        "Four growers, four episodes; 2,000 sign-ups for the harvest letter",
        "#5D55B8",
        -14,
        45,
        False,
    ),
    ("Akhir Tahun", "Fifty office gift orders before Christmas", "#BE1F2D", 0, 45, False),
    ("Kolab Nadia", "Nadia shows what she does with our cold brew", "#A0185C", -3, 30, True),
)
BRIEF = (
    "Say what it is, who made it and where to get it. Plain words, no superlatives. "
    "Whoever got something from us says so first, in the language of the post."
)

IDEAS = (
    ("id", "Seri: kenalan sama petani, empat episode. Tanya Pak Wayan soal jeruk di antara kopinya."),
    ("id", "Giveaway tumbler untuk pengikut ke-60 ribu. Syaratnya harus mudah."),
    ("id", "Kolab UMKM roti lokal, satu cerita lima bingkai."),
)
DRAFTS = (
    ("id", "FAQ: apakah cold brew aman untuk lambung? Tunggu jawaban dari ahli gizi dulu."),
    ("id", "Ulasan pelanggan minggu ini. Minta izin dulu sebelum dikutip."),
    ("en", "Thread idea: what a 200 gram bag costs us, line by line."),
)
NOW = (
    ("id", "Selamat pagi! Kopi pertama minggu ini: tubruk Gayo, empat menit, tanpa diaduk lagi."),
    ("id", "Tiga langkah bikin cold brew di rumah: giling kasar, rendam 18 jam di kulkas, saring dua kali."),
)
# What the blog tells, and what the other channels say about it afterwards.
ARTICLE_TITLE = "Tiga puluh hari menyeduh Gayo"
ARTICLE = (
    "Selama tiga puluh hari kami menyeduh satu kopi saja: Gayo dari kebun Pak Aman di Takengon, tiga lot.\n\n"
    "Yang paling mengubah rasa bukan gilingannya, melainkan airnya. Air 92 derajat membuka jeruk manis; air mendidih "
    "menutupnya dengan pahit. Kami mulai dengan 15 gram untuk 240 mililiter, lalu turun pelan-pelan.\n\n"
    "Cara kami sekarang: siram 40 mililiter, tunggu 40 detik, lalu sisanya dalam dua tuangan. Habis dalam dua menit "
    "setengah. Coba di rumah, dan ceritakan hasilnya di bawah."
)
ARTICLE_OPTIONS = {
    "categories": "Cerita, Seduh",
    "tags": "gayo, tubruk, seduh manual",
    "excerpt": "Satu kopi, tiga puluh hari, tiga cara: ternyata yang paling mengubah rasa adalah airnya.",
}
TOLD = ("Baru di blog: {title}", "{title}\n\n{excerpt}", "Belum sempat baca? {title}")

TO_APPROVE = ("id", "Workshop latte art Sabtu depan bersama Dinda. Pemula disambut, celemek kami sediakan.")
DISCLOSED = "Iklan: Teras Kopi mengirimi aku Cold Brew Gula Aren gratis. Manisnya pas buat sore yang panjang."
UNDISCLOSED = "Akhirnya nemu yang pas di lidah! Cold Brew Gula Aren dari Teras Kopi ini favorit aku minggu ini."

# language, what only an officer may decide, hours until its slot, and whether Nadia says it
DOUBTFUL = (
    ("id", "Nomor 1 di Jakarta! Cold Brew Gula Aren kami, sekarang di kulkas semua cabang.", 3, False),
    ("id", "Iklan. Cold Brew Gula Aren terbukti secara klinis menurunkan stres, kata Nadia.", 6, True),
    ("id", "Kopi ini menyembuhkan maag saya. Cerita Pak Harun, pelanggan sejak 2015.", 22, False),
    ("id", "Paling enak se-Jakarta. Cold Brew Gula Aren, dijamin bikin melek.", 29, False),
    ("id", "Jelajah kebun Gayo: kopi paling murni di dunia, langsung dari petani.", 34, False),
)

CUSTOMERS = (
    (
        TargetKind.MESSAGE,
        "Rina Maharani",
        "Kak, pesanan cold brew saya datang bocor, dua botol pecah. Tolong dibantu ya 🙏",
    ),
    (
        TargetKind.MENTION_REPLY,
        "Bagus Prakoso",
        "@teraskopi kurir bilang sudah dikirim, tapi sejak kemarin belum sampai.",
    ),
    (TargetKind.MESSAGE, "Andi Wijaya", "Halo, minimal order untuk reseller berapa botol ya?"),
    (TargetKind.MENTION_REPLY, "Dewi Lestari", "@teraskopi gula arennya beneran dari Banten? Enak banget, sumpah."),
    (TargetKind.MENTION_REPLY, "Rina Maharani", "@teraskopi kode NADIA12 tidak bisa dipakai di halaman bayar."),
)
"""Who writes to the brand, where, and what."""
