"""Raw HTTP/1.1 requests: what no SDK would send."""

import http.client
import json
from dataclasses import dataclass


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The error's code, as SDKs read it: the type header up to the first colon."""
        return self.headers.get("x-amzn-errortype", "").split(":")[0]


def send(port: int, method: str, path: str, body=None, headers: dict | None = None, timeout: float = 60) -> Reply:
    """One request on a connection of its own. A dict or list goes out as JSON, text and bytes as they are."""
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode("utf-8", "surrogatepass")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body=body, headers={"Content-Type": "application/json", **(headers or {})})
        reply = connection.getresponse()
        return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()
