"""One session of pyftpdlib, inetd style: the control connection is standard input.

The argument is JSON: name, password, uid, gid, root, thirdParty.
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
FTPHandler.authorizer = authorizer
FTPHandler.permit_foreign_addresses = settings["thirdParty"]

os.setgroups([])
os.setgid(settings["gid"])
os.setuid(settings["uid"])
os.umask(0o022)

# The library insists on a listener; it is closed before it could serve anybody, and when the session's last
# socket closes the loop ends.
control = socket.socket(fileno=os.dup(0))
server = FTPServer(socket.socket(), FTPHandler)
os.dup2(2, 0)
os.dup2(2, 1)
server.handle_accepted(control, control.getpeername())
server.close()
server.ioloop.loop()
