"""kill -9 during writes: nothing acknowledged is lost or doubled, whatever was in flight.

A create, and a version, that was in flight is sent again after the restart with its token, as an SDK
would: it gives what the first one made, or makes it, and never makes a second.
"""

import os
import random
import threading
import time
import uuid

import wire_http
from pretil import Pretil

ROUNDS = int(os.environ.get("PRETIL_KILL_ROUNDS", "25"))
WRITERS = 3
# Below the quota of 20. A guardrail with so many is deleted, and the writer begins again.
VERSIONS = 12


class Writer(threading.Thread):
    """Writes one guardrail again and again; remembers what was acknowledged and what was in flight."""

    def __init__(self, number: int):
        super().__init__(daemon=True)
        self.number = number
        self.port = 0
        self.identifier = None
        self.acknowledged = None  # the word of the draft
        self.in_flight = None
        self.versions: list[str] = []
        self.version_token = None
        self.create_token = None
        self.deleting = False
        self.writes = 0
        self.failure = None

    def again(self, port: int) -> "Writer":
        """The same writer with the same memory, in a new thread against the restarted server."""
        fresh = Writer(self.number)
        fresh.__dict__.update(
            {
                name: getattr(self, name)
                for name in (
                    "identifier",
                    "acknowledged",
                    "in_flight",
                    "versions",
                    "version_token",
                    "create_token",
                    "deleting",
                    "writes",
                )
            }
        )
        fresh.port = port
        return fresh

    def request(self, word: str) -> dict:
        return {
            "name": f"writer-{self.number}",
            "blockedInputMessaging": "in",
            "blockedOutputsMessaging": "out",
            "wordPolicyConfig": {"wordsConfig": [{"text": word}]},
        }

    def run(self) -> None:
        try:
            while True:
                self.step()
        except (OSError, wire_http.http.client.HTTPException):
            return  # the server was killed under us
        except AssertionError as failure:
            self.failure = failure  # raised again where the test sees it

    def step(self) -> None:
        if self.identifier is None:
            # The same token until it is acknowledged: the retry must give the first one's guardrail.
            self.create_token = self.create_token or str(uuid.uuid4())
            self.in_flight = "created"
            reply = self.send("POST", "/guardrails", {**self.request("created"), "clientRequestToken": self.create_token})
            assert reply.status == 202, reply
            self.identifier = reply.json["guardrailId"]
            self.acknowledged, self.in_flight = "created", None
            self.create_token, self.versions = None, []
        elif self.deleting or len(self.versions) == VERSIONS:
            self.deleting = True
            reply = self.send("DELETE", f"/guardrails/{self.identifier}", None)
            assert reply.status == 202, reply
            self.identifier, self.deleting = None, False
        elif self.version_token or random.random() < 0.3:
            self.version_token = self.version_token or str(uuid.uuid4())
            reply = self.send("POST", f"/guardrails/{self.identifier}", {"clientRequestToken": self.version_token})
            assert reply.status == 202, reply
            assert reply.json["version"] == str(len(self.versions) + 1), reply
            self.versions.append(reply.json["version"])
            self.version_token = None
        else:
            word = f"w{random.randrange(10**9)}"
            self.in_flight = word
            reply = self.send("PUT", f"/guardrails/{self.identifier}", self.request(word))
            assert reply.status == 202, reply
            self.acknowledged, self.in_flight = word, None
        self.writes += 1

    def send(self, method, path, body):
        return wire_http.send(self.port, method, path, body, timeout=30)

    def check(self, port: int) -> None:
        """What the restarted server holds is what was acknowledged, or that and what was in flight."""
        self.port = port
        if self.identifier is None:
            return
        got = self.send("GET", f"/guardrails/{self.identifier}", None)
        if self.deleting and got.status == 404:
            self.identifier, self.deleting = None, False
            return
        assert got.status == 200, f"an acknowledged guardrail is gone: {got}"
        word = got.json["wordPolicy"]["words"][0]["text"]
        assert word == self.acknowledged or (self.in_flight is not None and word == self.in_flight), (
            f"writer {self.number} acknowledged {self.acknowledged}, flew {self.in_flight}, found {word}"
        )
        self.acknowledged, self.in_flight = word, None
        listed = self.send("GET", f"/guardrails?guardrailIdentifier={self.identifier}&maxResults=1000", None).json
        numbers = sorted(int(item["version"]) for item in listed["guardrails"] if item["version"] != "DRAFT")
        assert numbers == list(range(1, len(numbers) + 1)), "version numbers have a hole or come twice"
        acknowledged = len(self.versions)
        assert acknowledged <= len(numbers) <= acknowledged + (self.version_token is not None)
        assert [str(number) for number in numbers[:acknowledged]] == self.versions


def test_kill_during_writes(tmp_path):
    data_dir = str(tmp_path / "data")
    writers = [Writer(number) for number in range(WRITERS)]
    for _ in range(ROUNDS):
        with Pretil(data_dir=data_dir) as server:
            for writer in writers:
                writer.check(server.port)
            writers = [writer.again(server.port) for writer in writers]
            for writer in writers:
                writer.start()
            time.sleep(random.uniform(0.02, 0.25))
            server.kill()
            for writer in writers:
                writer.join(timeout=60)
                assert not writer.is_alive()
                if writer.failure:
                    raise writer.failure
    with Pretil(data_dir=data_dir) as server:
        for writer in writers:
            writer.check(server.port)
        listed = wire_http.send(server.port, "GET", "/guardrails?maxResults=1000", None).json["guardrails"]
        names = [item["name"] for item in listed]
        assert len(names) == len(set(names)) <= WRITERS, "a retried token made a second guardrail"
    writes = sum(writer.writes for writer in writers)
    print(f"{writes} acknowledged writes, {ROUNDS} kills")
    assert writes > ROUNDS, "too little was written for this to mean anything"
