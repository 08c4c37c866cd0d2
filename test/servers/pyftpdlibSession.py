"""One session of pyftpdlib, inetd style: the control connection is standard input.

The argument is JSON: name, password, uid, gid, root, passivePorts, thirdParty.
"""

import json
import os
import socket
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

settings = json.loads(sys.argv[1])

authorizer = DummyAuthorizer()
authorizer.add_user(settings["name"], settings["password"], settings["root"], perm="elradfmwMT")


class Session(FTPHandler):
    pass


Session.authorizer = authorizer
Session.permit_foreign_addresses = settings["thirdParty"]
ports = settings["passivePorts"]
Session.passive_ports = range(ports["first"], ports["last"] + 1)

os.setgroups([])
os.setgid(settings["gid"])
os.setuid(settings["uid"])
os.umask(0o022)

# The library insists on a listener; it is closed before it could serve anybody, and when the session's last
# socket closes the loop ends.
control = socket.socket(fileno=os.dup(0))
server = FTPServer(socket.socket(), Session)
os.dup2(2, 0)
os.dup2(2, 1)
server.handle_accepted(control, control.getpeername())
server.close()
server.ioloop.loop()
