"""Canaries: what callers send never reaches a log, a metric or an error, with logging as loud as it goes."""

import secrets

import pytest

import wire_http
from conftest import client, create_request
from pretil import Pretil

LOUD = {"PRETIL_LOG": "trace"}


def canary() -> str:
    """A word that nothing else can have written: letters only, as names and topics want them."""
    return "canary" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(20))


@pytest.fixture(scope="module")
def told():
    """Every canary that was sent, the process's whole output, its metrics and its error replies."""
    sent: dict[str, str] = {}

    def new(where: str) -> str:
        sent[where] = canary()
        return sent[where]

    errors = []
    with Pretil(environment=LOUD) as server:
        bedrock, runtime = client("bedrock", server.endpoint), client("bedrock-runtime", server.endpoint)
        word, token = new("word"), new("regex match")
        made = bedrock.create_guardrail(
            **create_request(
                description=new("description"),
                blockedInputMessaging=new("blocked input message"),
                blockedOutputsMessaging=new("blocked output message"),
                topicPolicyConfig={
                    "topicsConfig": [
                        {
                            "name": new("topic name"),
                            "definition": new("topic definition"),
                            "type": "DENY",
                            "examples": [new("topic example")],
                            # Detect only: canaries are alike, and the other policies have to act too.
                            "inputAction": "NONE",
                            "outputAction": "NONE",
                        }
                    ]
                },
                wordPolicyConfig={"wordsConfig": [{"text": word}]},
                sensitiveInformationPolicyConfig={
                    "piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}],
                    "regexesConfig": [{"name": new("regex name"), "pattern": token, "action": "ANONYMIZE"}],
                },
                tags=[{"key": "k", "value": new("tag value")}],
            )
        )
        identifier = made["guardrailId"]
        path = f"/guardrail/{identifier}/version/DRAFT/apply"

        def apply(text, source="INPUT", headers=None, qualifiers=()):
            block = {"text": text, **({"qualifiers": list(qualifiers)} if qualifiers else {})}
            body = {"source": source, "content": [{"text": block}]}
            reply = wire_http.send(server.port, "POST", path, body, headers)
            assert reply.status == 200, reply
            return reply.json

        for source in ("INPUT", "OUTPUT"):
            assert apply(f"{word} in {new('blocked prompt ' + source)}", source)["action"] == "GUARDRAIL_INTERVENED"
            masked = apply(f"{token} and {new('masked address ' + source)}@example.com", source)
            assert masked["actionReason"] == "Guardrail masked."
            apply(new("clean prompt " + source), source)
        apply(new("explained prompt") + "@example.com", headers={"x-pretil-explain": "true"})
        runtime.invoke_guardrail_checks(
            messages=[{"role": "user", "content": [{"text": new("checked prompt") + "@example.com"}]}],
            checks={"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}},
        )

        # Everything that can go wrong, with content in it.
        for where, method, url, body in [
            ("half a body", "POST", path, '{"source":"INPUT","content":[{"text":{"text":"%s"'),
            ("wrong type", "POST", path, '{"source":"INPUT","content":"%s"}'),
            ("wrong enum", "POST", path, '{"source":"%s","content":[{"text":{"text":"x"}}]}'),
            ("unknown member", "POST", path, '{"%s":1,"source":"INPUT","content":[{"text":{"text":"x"}}]}'),
            ("bad qualifier", "POST", path, '{"source":"INPUT","content":[{"text":{"text":"x","qualifiers":["%s"]}}]}'),
            ("bad pattern", "POST", "/guardrails", '{"name":"n1","blockedInputMessaging":"x","blockedOutputsMessaging"'
             ':"x","sensitiveInformationPolicyConfig":{"regexesConfig":[{"name":"r","pattern":"(%s","action":"BLOCK"}]}}'),
            ("bad name", "POST", "/guardrails", '{"name":"a b %s","blockedInputMessaging":"x","blockedOutputsMessaging":'
             '"x","wordPolicyConfig":{"wordsConfig":[{"text":"x"}]}}'),
            ("long phrase", "POST", "/guardrails", '{"name":"n2","blockedInputMessaging":"x","blockedOutputsMessaging":'
             '"x","wordPolicyConfig":{"wordsConfig":[{"text":"a b c %s"}]}}'),
            ("unknown id", "GET", "/guardrails/%s", None),
            ("unknown path", "GET", "/%s", None),
            ("query", "GET", "/guardrails?nextToken=%s", None),
        ]:
            secret = new(where)
            url, body = url.replace("%s", secret), body and body.replace("%s", secret)
            reply = wire_http.send(server.port, method, url, body, {"X-Secret": new("header of " + where)})
            if where != "unknown member":
                assert reply.status >= 400, (where, reply)
                errors.append((where, reply.body.decode()))
        metrics = wire_http.send(server.port, "GET", "/metrics").body.decode()
        server.stop()
        yield sent, server.log(), metrics, errors


def test_something_was_logged_and_counted(told):
    sent, log, metrics, _ = told
    assert len(sent) > 35
    assert "ApplyGuardrail" in log, "the log says what was done"
    assert "ApplyGuardrail" in metrics


def test_no_canary_in_the_log(told):
    sent, log, _, _ = told
    assert [where for where, secret in sent.items() if secret in log] == []


def test_no_canary_in_the_metrics(told):
    sent, _, metrics, _ = told
    assert [where for where, secret in sent.items() if secret in metrics] == []


def test_no_canary_in_an_error(told):
    """But for a value outside an enum, which AWS too shows to the one who sent it."""
    sent, _, _, errors = told
    shown = [where for where, body in errors if any(secret in body for secret in sent.values())]
    assert set(shown) <= {"wrong enum", "bad qualifier"}
