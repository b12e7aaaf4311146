"""Bombs: patterns, overlaps, JSON, Unicode, connections. The outcome is asserted, not the time; the time-outs
are only there to catch what hangs."""

import base64
import concurrent.futures
import pathlib
import socket

import h2.config
import h2.connection
import pytest

import wire_http

APPLY_SECONDS = 60


def pii(*types, action="ANONYMIZE"):
    return {"sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [{"type": t, "action": action} for t in types]}}


def words(*texts):
    return {"wordPolicyConfig": {"wordsConfig": [{"text": text} for text in texts]}}


@pytest.fixture
def judge(server, draft):
    """Applies a guardrail over raw HTTP, and asserts that there is an answer and a server after it."""

    def call(text, source="INPUT", explain=False, identifier=None, **policies) -> dict:
        reply = wire_http.send(
            server.port,
            "POST",
            f"/guardrail/{identifier or draft(**policies)}/version/DRAFT/apply",
            {"source": source, "content": [{"text": {"text": text}}]},
            {"x-pretil-explain": "true"} if explain else {},
            timeout=APPLY_SECONDS,
        )
        assert server.alive()
        assert reply.status == 200, (reply.status, reply.body[:300])
        return reply.json

    return call


def peak_memory(server) -> int:
    """The most bytes the server has held so far."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


class TestPatterns:
    # Each of these takes seconds to hours with a careless engine or a careless way of asking it.
    # With the texts that they match; Python's own engine is not asked, it would be the one to hang.
    QUADRATIC = [
        (pattern, unit)
        for pattern, units in [
            (r".*[^A-Z]|[A-Z]", ["A", "a", "abcde fghij "]),
            (r".*secret|[a-z]", ["a", "abcde fghij "]),
            (r"(?s).*END|\w", ["A", "a", "abcde fghij "]),
            (r"\w+(?:.*Z)?", ["A", "a", "abcde fghij "]),
            (r"(a+)+$", ["a"]),
            (r"(a|a)*b|a", ["a", "abcde fghij "]),
        ]
        for unit in units
    ]
    HUGE = [r"[\w\s]{140}", r"\w{500}", r"(((a{30}){30}){30}){30}", r"(?:\w{40}){40}", "|".join(["\\w{60}"] * 50)]

    @staticmethod
    def policy(pattern):
        return {
            "sensitiveInformationPolicyConfig": {
                "regexesConfig": [{"name": "bomb", "pattern": pattern, "action": "BLOCK"}]
            }
        }

    @pytest.mark.parametrize("pattern, unit", QUADRATIC)
    def test_quadratic_patterns(self, judge, server, draft, pattern, unit):
        """Refused when created, or else never a silent pass: every one of them matches these texts."""
        from botocore.exceptions import ClientError

        try:
            identifier = draft(**self.policy(pattern))
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ValidationException"
            return
        reply = judge((unit * 100_000)[:100_000], identifier=identifier)
        assert reply["action"] == "GUARDRAIL_INTERVENED"

    @pytest.mark.parametrize("pattern", HUGE)
    def test_huge_patterns(self, server, judge, draft, pattern):
        from botocore.exceptions import ClientError

        before = peak_memory(server)
        try:
            identifier = draft(**self.policy(pattern))
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ValidationException"
        else:
            judge("word " * 5_000, identifier=identifier)
        assert peak_memory(server) - before < 256 * 1024 * 1024

    def test_thirty_patterns_at_once(self, judge):
        regexes = [
            {"name": f"r{n}", "pattern": f"[a-z]+{n}[0-9]{{3}}", "action": "ANONYMIZE"} for n in range(30)
        ]
        reply = judge(
            "abc7123 " + "abcdefgh " * 10_000, sensitiveInformationPolicyConfig={"regexesConfig": regexes}
        )
        assert reply["action"] == "GUARDRAIL_INTERVENED"


class TestOverlaps:
    def test_nested_phrases(self, judge):
        """A hundred words that are prefixes of each other and a text in which all of them could start anywhere."""
        policy = words(*("a" * n for n in range(1, 101)))
        assert judge("a" * 25_000, **policy)["action"] == "NONE"
        reply = judge(" ".join("a" * n for n in range(1, 101)) * 10, **policy)
        assert reply["action"] == "GUARDRAIL_INTERVENED"

    def test_one_letter_phrases(self, judge):
        reply = judge("a " * 12_500, **words("a", "a a", "a a a"))
        matches = reply["assessments"][0]["wordPolicy"]["customWords"]
        assert 1 <= len(matches) <= 3, "one entry per distinct match"

    def test_ten_thousand_words(self, server, judge, guardrail):
        made = guardrail(**words(*(f"word{n}" for n in range(10_000))))
        reply = judge("word9999 " * 1_000, identifier=made["guardrailId"])
        assert [e["match"] for e in reply["assessments"][0]["wordPolicy"]["customWords"]] == ["word9999"]

    def test_twenty_thousand_findings(self, judge):
        text = " ".join(f"u{n}@example.com" for n in range(20_000))
        reply = judge(text, **pii("EMAIL"))
        assert reply["outputs"] == [{"text": " ".join(["{EMAIL}"] * 20_000)}]

    def test_many_types_over_the_same_digits(self, judge):
        types = ("CREDIT_DEBIT_CARD_NUMBER", "PHONE", "US_BANK_ACCOUNT_NUMBER", "US_BANK_ROUTING_NUMBER", "PIN")
        reply = judge("4111111111111111 " * 2_000, **pii(*types))
        assert "4111111111111111" not in reply["outputs"][0]["text"]


# Each is a text that a careless normaliser, decoder or segmenter turns into far more, or far more work.
UNICODE = {
    "ligatures that expand": "\ufdfa" * 50_000,
    "squared words": "\u3300" * 50_000,
    "combining marks": "a" + "\u0301" * 200_000,
    "marks out of order": ("\u0315\u0300\u05ae\u0062" * 50_000),
    "zalgo": ("h" + "\u0335\u0352\u0321" * 8) * 5_000,
    "bidi nests": "\u202e\u2066" * 50_000 + "x" + "\u2069\u202c" * 50_000,
    "zero widths": "\u200b" * 200_000,
    "joined emoji": "👨‍👩‍👧‍👦" * 20_000 + "\u200d" * 50_000,
    "one long joined emoji": "👩" + "\u200d👩" * 50_000,
    "tags": "".join(chr(0xE0000 + ord(c)) for c in "ignore all " * 5_000),
    "variation selectors": "😀" + "".join(chr(0xE0100 + n % 240) for n in range(50_000)),
    "flags": "🇫" * 100_001,
    "Hangul letters": "\u1100\u1161\u11a8" * 50_000,
    "mixed scripts": "раypаl " * 20_000,
    "non-characters": "\ufffe\uffff\U0010ffff" * 50_000,
    "NULs": "\x00" * 100_000,
    "spaced letters": "a b c d " * 25_000,
    "leet": "4dm1n 5up3r " * 10_000,
    "base64 of itself": base64.b64encode(base64.b64encode(b"nothing to see here " * 2_000)).decode(),
    "base64 runs": ("aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ= " * 5_000),
    "percent": "%25" * 50_000,
    "entities": "&amp;" * 40_000,
    "open tags": "<b " * 50_000,
    "escapes": "\\u0041" * 30_000,
    "one unbroken word": "x" * 200_000,
    "line ends": "\r\n" * 100_000,
}


class TestUnicode:
    ALL = {
        **words("bluewhale"),
        **pii("EMAIL", "PHONE", "URL", "CREDIT_DEBIT_CARD_NUMBER"),
    }

    @pytest.mark.parametrize("bomb", UNICODE, ids=str)
    def test_the_address_behind_the_bomb_never_passes(self, server, judge, bomb):
        before = peak_memory(server)
        text = UNICODE[bomb] + " jane@example.com"
        reply = judge(text, **self.ALL)
        assert reply["action"] == "GUARDRAIL_INTERVENED"
        assert "jane@example.com" not in reply["outputs"][0]["text"]
        covered = reply["guardrailCoverage"]["textCharacters"]
        assert covered == {"guarded": len(text), "total": len(text)}
        assert peak_memory(server) - before < 256 * 1024 * 1024

    @pytest.mark.parametrize("bomb", UNICODE, ids=str)
    def test_topics(self, judge, bomb):
        topic = {"name": "Pets", "definition": "Talk about pets.", "type": "DENY", "examples": ["My dog is ill."]}
        judge(UNICODE[bomb][:3_000], topicPolicyConfig={"topicsConfig": [topic]})


class TestJson:
    def test_a_wide_body_costs_no_tree(self, server, draft):
        before = peak_memory(server)
        body = '{"source":"INPUT","content":[{"text":{"text":"x"}}],"unknown":[' + '{"a":0},' * 500_000 + "0]}"
        path = f"/guardrail/{draft(**words('bluewhale'))}/version/DRAFT/apply"
        assert wire_http.send(server.port, "POST", path, body).status in (200, 400)
        assert peak_memory(server) - before < 64 * 1024 * 1024

    def test_a_member_twice(self, server, draft):
        path = f"/guardrail/{draft(**words('bluewhale'))}/version/DRAFT/apply"
        body = '{"source":"INPUT","content":[{"text":{"text":"bluewhale"}}],"content":[{"text":{"text":"x"}}]}'
        reply = wire_http.send(server.port, "POST", path, body)
        assert (reply.status, reply.error) == (400, "ValidationException"), "which one counts would be a guess"

    def test_many_blocks(self, server, draft):
        path = f"/guardrail/{draft(**pii('EMAIL'))}/version/DRAFT/apply"
        body = {"source": "INPUT", "content": [{"text": {"text": ""}}] * 50_000 + [{"text": {"text": "a@example.com"}}]}
        reply = wire_http.send(server.port, "POST", path, body)
        if reply.status == 200:
            assert reply.json["outputs"][-1] == {"text": "{EMAIL}"}
            assert len(reply.json["outputs"]) == 50_001
        else:
            assert (reply.status, reply.error) == (400, "ValidationException")


class TestConnections:
    @staticmethod
    def healthy(server) -> bool:
        return wire_http.send(server.port, "GET", "/healthz", timeout=30).status == 200

    def test_idle_and_half_open_connections(self, server):
        held = []
        try:
            for number in range(300):
                connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
                connection.sendall([b"", b"POST /guard", b"POST /guardrails HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"][number % 3])
                held.append(connection)
            assert self.healthy(server)
        finally:
            for connection in held:
                connection.close()
        assert self.healthy(server)

    def test_a_caller_that_leaves(self, server, draft):
        path = f"/guardrail/{draft(**pii('EMAIL'))}/version/DRAFT/apply"
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n\r\n"
        for _ in range(50):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
                connection.sendall(head.encode() + b'{"source":"INPUT","content":[{"text":{"text":"' + b"x" * 10_000)
        assert self.healthy(server)

    def test_two_lengths_are_refused(self, server):
        for extra in ("Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"):
            with socket.create_connection(("127.0.0.1", server.port), timeout=15) as connection:
                smuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                connection.sendall(f"POST /guardrails HTTP/1.1\r\nHost: x\r\n{extra}\r\n0\r\n\r\n{smuggled}".encode())
                got = connection.recv(65536)
            assert b"200 OK" not in got.split(b"\r\n")[0]
        assert self.healthy(server)

    def test_rapid_reset(self, server):
        """Streams opened and reset at once: the connection may go, the server may not."""
        with socket.create_connection(("127.0.0.1", server.port), timeout=15) as connection:
            state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
            state.initiate_connection()
            connection.sendall(state.data_to_send())
            head = [(":method", "GET"), (":path", "/guardrails"), (":scheme", "http"), (":authority", "x")]
            try:
                for number in range(5_000):
                    stream = 1 + 2 * number
                    state.send_headers(stream, head, end_stream=True)
                    state.reset_stream(stream)
                    connection.sendall(state.data_to_send())
            except OSError:
                pass  # the server hung up
        assert self.healthy(server)

    def test_a_flood_is_answered_or_turned_away(self, server, draft):
        """Far more at once than there are cores: each is judged, or told to come back, none is dropped."""
        path = f"/guardrail/{draft(**pii('EMAIL', 'PHONE', 'URL'))}/version/DRAFT/apply"
        body = {"source": "INPUT", "content": [{"text": {"text": "jane@example.com and more words " * 1_500}}]}
        with concurrent.futures.ThreadPoolExecutor(max_workers=100) as pool:
            replies = list(pool.map(lambda _: wire_http.send(server.port, "POST", path, body, timeout=100), range(300)))
        for reply in replies:
            if reply.status == 200:
                assert reply.json["actionReason"] == "Guardrail masked."
            else:
                assert (reply.status, reply.error) in {(429, "ThrottlingException"), (503, "ServiceUnavailableException")}
        assert any(reply.status == 200 for reply in replies)
        assert self.healthy(server)
