"""One session of pyftpdlib, inetd style: the control connection is standard input.

The argument is JSON: name, password, uid, gid, root, thirdParty, tls (absent: none).
"""

import json
import os
import socket
import sys

from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer

settings = json.loads(sys.argv[1])


class ImplicitHandler(TLS_FTPHandler):
    """TLS before the greeting, for which the library has no setting."""

    def handle(self):
        self.secure_connection(self.ssl_context)

    def handle_ssl_established(self):
        super().handle()


def secure_handler(tls):
    context = SSL.Context(SSL.TLS_METHOD)
    context.use_certificate_chain_file(tls["file"])
    context.use_privatekey_file(tls["file"])
    if tls.get("clientCertificate"):
        context.set_session_id(b"portside")  # else OpenSSL resumes nothing
        context.load_verify_locations(tls["authority"])
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT)
    handler = ImplicitHandler if tls.get("implicit") else TLS_FTPHandler
    handler.ssl_context = context
    handler.tls_control_required = "required" in tls
    handler.tls_data_required = tls.get("required") == "control and data"
    return handler


Handler = secure_handler(settings["tls"]) if "tls" in settings else FTPHandler
authorizer = DummyAuthorizer()
authorizer.add_user(settings["name"], settings["password"], settings["root"], perm="elradfmwMT")
Handler.authorizer = authorizer
Handler.permit_foreign_addresses = settings["thirdParty"]

os.setgroups([])
os.setgid(settings["gid"])
os.setuid(settings["uid"])
os.umask(0o022)

# The library insists on a listener; it is closed before it could serve anybody, and when the session's last
# socket closes the loop ends.
control = socket.socket(fileno=os.dup(0))
server = FTPServer(socket.socket(), Handler)
os.dup2(2, 0)
os.dup2(2, 1)
server.handle_accepted(control, control.getpeername())
server.close()
server.ioloop.loop()
