"""What a message can bring along beside its words: a group, an ad, a product, a forward (reference: whatsapp 4.3)."""

from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]

AD: Final[Json] = {
    "source_url": "https://fb.me/3cr4Wqqkv",
    "source_id": "120226305854810726",
    "source_type": "ad",
    "headline": "Balinese massage in your villa",
    "body": "Tell us when and where",
    "media_type": "image",
    "image_url": "https://scontent.example/ad.jpg",
    "thumbnail_url": "https://scontent.example/ad-small.jpg",
    "ctwa_clid": "Aff-n8ZTODiE79d22KtAwQKj9e",
    "welcome_message": {"text": "Hi there! Let us know how we can help."},
}
"""A click-to-WhatsApp ad; every field can be another, and one that is null is left out."""


@dataclass(frozen=True, slots=True)
class Around:
    """Beside the words."""

    group_id: str = ""
    """Said in a group: the chat between the two of them is not touched, and its window stays as it was."""
    referral: Json | None = None
    product: Json | None = None
    """`{catalog_id, product_retailer_id}`: asked from a product's page."""
    forwarded: str = ""
    """`forwarded` or `frequently_forwarded`."""

    def put_into(self, message: Json, business: str) -> Json:
        """The message with all of it."""
        context: Json = dict(message.get("context", {}))
        if self.forwarded:
            context[self.forwarded] = True
        if self.product is not None:
            context = {"from": business, **context, "referred_product": self.product}
        return {
            **message,
            **({"context": context} if context else {}),
            **({"group_id": self.group_id} if self.group_id else {}),
            **({"referral": self.referral} if self.referral is not None else {}),
        }


NOTHING: Final = Around()


def read_around(wanted: Json) -> Around:
    """`group`, `referral` (true for the usual ad, or fields of it), `product`, `forwarded` (true or `frequently`)."""
    referral = wanted.get("referral")
    if referral is not None:
        found = AD | (referral if isinstance(referral, dict) else {})
        referral = {key: value for key, value in found.items() if value is not None}
    product = wanted.get("product")
    forwarded = wanted.get("forwarded")
    return Around(
        group_id=str(wanted.get("group") or ""),
        referral=referral,
        product=dict(product) if product is not None else None,
        forwarded="" if not forwarded else "frequently_forwarded" if forwarded == "frequently" else "forwarded",
    )
