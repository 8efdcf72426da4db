"""Files chosen in a form, as the endpoint and the finished form get them (reference: whatsapp 1.10)."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from simulator.whatsapp import limits
from simulator.whatsapp.media import File
from simulator.whatsapp.world import World

Json = dict[str, Any]

MARK = "phone_file"
"""The key under which the page names a file that the simulator keeps."""

KEPT = limits.INBOUND_MEDIA_LIVES


def for_endpoint(world: World, payload: Json) -> Json:
    """A payload of data_exchange: each file as an encrypted copy on the CDN with what opens it."""
    return {
        name: _each(value, lambda file, known: _encrypted(world, file, known)) for name, value in _files(world, payload)
    }


def for_completion(world: World, payload: Json) -> Json:
    """A finished form: each file as the media that any inbound message has."""
    return {name: _each(value, _plain) for name, value in _files(world, payload)}


def _files(world: World, payload: Json) -> list[tuple[str, Any]]:
    def found(item: Any) -> Any:
        is_file = isinstance(item, dict) and MARK in item
        return (world.media.find(str(item[MARK])), item) if is_file else item

    return [
        (name, [found(item) for item in value] if isinstance(value, list) else value) for name, value in payload.items()
    ]


def _each(value: Any, told: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [told(*item) if isinstance(item, tuple) else item for item in value]


def _plain(file: File, known: Json) -> Json:
    return {"id": file.id, "mime_type": file.mime_type, "sha256": file.sha256, "file_name": known["file_name"]}


def _encrypted(world: World, file: File, known: Json) -> Json:
    key, hmac_key, iv = secrets.token_bytes(32), secrets.token_bytes(32), secrets.token_bytes(16)
    padder = padding.PKCS7(128).padder()
    machine = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    sealed = machine.update(padder.update(file.content) + padder.finalize()) + machine.finalize()
    stored = sealed + hmac.new(hmac_key, iv + sealed, hashlib.sha256).digest()[:10]
    copy = world.media.keep("application/octet-stream", stored, KEPT)
    return {
        "media_id": file.id,
        "cdn_url": f"{world.base_url}/sim/media/{copy.id}",
        "file_name": known["file_name"],
        "encryption_metadata": {
            "encrypted_hash": _text(hashlib.sha256(stored).digest()),
            "iv": _text(iv),
            "encryption_key": _text(key),
            "hmac_key": _text(hmac_key),
            "plaintext_hash": _text(hashlib.sha256(file.content).digest()),
        },
    }


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
