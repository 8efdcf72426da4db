"""Media: upload, addresses, lives (reference: whatsapp 3.3), and the Flow key (1.8)."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.simulator.conftest import Backend, Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")

DAY = 24 * 3600


async def upload(graph: Graph, content: bytes = b"pixels", mime_type: str = "image/png") -> str:
    path = f"/v26.0/{graph.settings.phone_number_id}/media"
    form = {"messaging_product": "whatsapp", "type": mime_type}
    response = await graph.client.post(path, data=form, files={"file": ("a.png", content, mime_type)})
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


async def test_an_uploaded_image_can_be_sent_and_lives_30_days(graph: Graph, sari: str) -> None:
    media_id = await upload(graph)
    sent = {"to": sari, "type": "image", "image": {"id": media_id}}
    assert (await graph.post(sent)).status_code == 200
    await graph.sim("POST", "/clock", {"move": 30 * DAY})
    assert (await graph.post(sent)).json()["error"]["code"] == 100


async def test_too_much_or_the_wrong_kind_is_not_taken(graph: Graph) -> None:
    path = f"/v26.0/{graph.settings.phone_number_id}/media"
    form = {"messaging_product": "whatsapp"}
    large = {"file": ("a.png", b"x" * (5 * 1024 * 1024 + 1), "image/png")}
    assert (await graph.client.post(path, data=form, files=large)).json()["error"]["code"] == 131053
    tiff = {"file": ("a.tiff", b"x", "image/tiff")}
    assert (await graph.client.post(path, data=form, files=tiff)).json()["error"]["code"] == 100
    assert (await graph.client.post(path, data=form)).json()["error"]["code"] == 100


async def test_a_customers_image_is_fetched_with_the_token_for_five_minutes(
    graph: Graph, sari: str, backend: Backend
) -> None:
    await graph.sim("POST", f"/customers/{sari}/file", {"caption": "my receipt"})
    await graph.idle()
    image = backend.all("messages")[-1]["image"]
    assert (image["mime_type"], image["caption"]) == ("image/png", "my receipt")
    shown = (await graph.client.get(f"/v26.0/{image['id']}")).json()
    content = await graph.client.get(shown["url"])
    assert hashlib.sha256(content.content).hexdigest() == image["sha256"] == shown["sha256"]
    assert (await graph.client.get(image["url"])).content == content.content
    refused = await graph.client.get(shown["url"], headers={"Authorization": "Bearer no"})
    assert refused.status_code == 401
    await graph.sim("POST", "/clock", {"move": 301})
    assert (await graph.client.get(shown["url"])).status_code == 404
    await graph.sim("POST", "/clock", {"move": 7 * DAY})
    assert (await graph.client.get(f"/v26.0/{image['id']}")).json()["error"]["code"] == 100


async def test_the_flow_key_is_kept_and_called_valid(graph: Graph) -> None:
    path = f"/v26.0/{graph.settings.phone_number_id}/whatsapp_business_encryption"
    assert (await graph.client.get(path)).json() == {"data": []}
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    sent = {"business_public_key": pem}
    assert (await graph.client.post(path, data=sent)).json() == {"success": True}
    assert (await graph.client.post(path, json=sent)).json() == {"success": True}
    [kept] = (await graph.client.get(path)).json()["data"]
    assert kept == {"business_public_key": pem, "business_public_key_signature_status": "VALID"}
    bad = await graph.client.post(path, json={"business_public_key": "-----BEGIN"})
    assert bad.json()["error"]["code"] == 100
