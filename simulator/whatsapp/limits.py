"""Every size the Graph API enforces, once (reference: whatsapp 3.2, 3.3, 3.5)."""

from datetime import timedelta
from typing import Final

MIB: Final = 1024 * 1024

# Lengths in characters (reference: whatsapp 3.2).
TEXT_BODY: Final = 4096
INTERACTIVE_BODY: Final = 1024
INTERACTIVE_HEADER: Final = 60
INTERACTIVE_FOOTER: Final = 60
BUTTON_TITLE: Final = 20
BUTTON_ID: Final = 256
LIST_BUTTON: Final = 20
SECTION_TITLE: Final = 24
ROW_ID: Final = 200
ROW_TITLE: Final = 24
ROW_DESCRIPTION: Final = 72
URL_BUTTON: Final = 20
FLOW_CTA: Final = 30
TEMPLATE_BUTTON: Final = 25
CAPTION: Final = 1024
CALLBACK_DATA: Final = 512

# Counts (reference: whatsapp 3.2).
BUTTONS: Final = 3
SECTIONS: Final = 10
ROWS: Final = 10

# Upload sizes in bytes by kind of media, and what a kind may be (reference: whatsapp 3.3).
UPLOAD_BYTES: Final = {
    "image": 5 * MIB,
    "audio": 16 * MIB,
    "video": 16 * MIB,
    "document": 100 * MIB,
    "sticker": 100 * 1024,
}
IMAGE_TYPES: Final = ("image/jpeg", "image/png")
STICKER_TYPES: Final = ("image/webp",)

# Lives of media ids and their addresses (reference: whatsapp 3.3).
UPLOADED_MEDIA_LIVES: Final = timedelta(days=30)
INBOUND_MEDIA_LIVES: Final = timedelta(days=7)
MEDIA_URL_LIVES: Final = timedelta(minutes=5)

# The customer's window and the pair limit (reference: whatsapp 3.5).
WINDOW: Final = timedelta(hours=24)
PAIR_EVERY: Final = timedelta(seconds=6)
PAIR_BURST: Final = 45
PAIR_BURST_WITHIN: Final = timedelta(seconds=6)

# How long a phone number stays visible after the last exchange (reference: whatsapp 5, BSUID rules).
PHONE_VISIBLE: Final = timedelta(days=30)
TYPING_LASTS: Final = timedelta(seconds=25)

# Updates in one webhook POST (reference: whatsapp 4.1).
UPDATES_PER_POST: Final = 1000
