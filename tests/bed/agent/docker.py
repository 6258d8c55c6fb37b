"""Docker's own interface (1.41), over its socket."""
import http.client
import json
import socket
import urllib.parse


class Connection(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("docker")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/var/run/docker.sock")


def ask(path, **query):
    """The JSON at PATH; None when there is no such thing."""
    connection = Connection()
    filters = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in query.items()}
    connection.request("GET", f"/v1.41{path}?{urllib.parse.urlencode(filters)}")
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return json.loads(text) if answer.status == 200 else None


def container(name):
    return ask(f"/containers/{name}/json")


def containers():
    """All of them, also those that do not run; one that goes meanwhile is left
    out."""
    ids = [c["Id"] for c in ask("/containers/json", all=1)]
    return [c for c in map(container, ids) if c]


def dangling_images():
    return [i["Id"] for i in ask("/images/json", filters={"dangling": ["true"]})]


def networks():
    return sorted(n["Name"] for n in ask("/networks"))
