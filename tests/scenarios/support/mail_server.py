#!/usr/bin/python3
"""A mail server for stories: mail_server.py FOLDER CERTIFICATE KEY starttls|tls|plain USER PASSWORD

It listens on a free port of 127.0.0.1, which is then in FOLDER/port, and keeps each message it takes as FOLDER/<n>.eml, below
lines that tell of its envelope. Receivers called refused@ and later@ are refused, for good and for now; USER "-" is no login.
"""
import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder, certificate, key, mode, user, password = sys.argv[1:7]


class Keeper:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        path = os.path.join(folder, f"{self.count}.eml")
        with open(path + ".part", "wb") as out:
            out.write(f"X-From: {envelope.mail_from}\r\n".encode())
            out.write(f"X-To: {','.join(envelope.rcpt_tos)}\r\n".encode())
            out.write(f"X-Tls: {'yes' if session.ssl or mode == 'tls' else 'no'}\r\n".encode())
            out.write(f"X-Authenticated: {'yes' if session.authenticated else 'no'}\r\n".encode())
            out.write(envelope.original_content)
        os.rename(path + ".part", path)
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=good, handled=False)


async def serve():
    context = None
    if mode != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    options = {"hostname": "mail.example"}
    if user != "-":
        options.update(authenticator=authenticate, auth_required=True, auth_require_tls=mode == "starttls")
    if mode == "starttls":
        options.update(tls_context=context, require_starttls=True)
    keeper = Keeper()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, **options), "127.0.0.1", 0, ssl=context if mode == "tls" else None)
    with open(os.path.join(folder, "port.part"), "w") as out:
        out.write(str(server.sockets[0].getsockname()[1]))
    os.rename(os.path.join(folder, "port.part"), os.path.join(folder, "port"))
    await server.serve_forever()


asyncio.run(serve())
