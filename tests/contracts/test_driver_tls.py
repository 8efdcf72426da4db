"""A database that is reached over TLS: whose certificate is not the server's own is no database of ours."""

import ssl

from bot.store import driver


async def test_with_tls_the_certificate_and_the_name_of_the_server_are_looked_at() -> None:
    client = driver.open_pymongo("mongodb://db.example:27017/?tls=true")
    try:
        context = client.options.pool_options._ssl_context
        assert context is not None
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    finally:
        await driver.close(client)
