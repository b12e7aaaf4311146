"""The check itself is checked: it takes the golden replies, and it sees each kind of fault in them."""

import copy
import json
import uuid

import boto3
import pytest

import service_model
from test_golden import GOLDEN

OPERATION = boto3.client("bedrock-runtime", region_name="us-east-1").meta.service_model.operation_model("ApplyGuardrail")
HEADERS = {"x-amzn-RequestId": str(uuid.uuid4()), "Content-Type": "application/json"}


def golden(path) -> dict:
    reply = json.loads(path.read_text())["response"]
    assessment = reply["assessments"][0]
    assessment["invocationMetrics"]["guardrailProcessingLatency"] = 3
    assessment["appliedGuardrailDetails"] |= {
        "guardrailId": "abc123abc123",
        "guardrailArn": "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123abc123",
    }
    return reply


def faults(reply: dict) -> list[str]:
    return service_model.reply_faults(OPERATION, 200, HEADERS, json.dumps(reply).encode())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_replies_are_clean(path):
    assert faults(golden(path)) == []


@pytest.mark.parametrize(
    "where, value, said",
    [
        (["action"], "BLOCKED", "is not one of"),
        (["actionReason"], None, "null"),
        (["new"], 1, "unknown member"),
        (["usage", "wordPolicyUnits"], "1", "no integer"),
        (["usage", "wordPolicyUnits"], True, "no integer"),
        (["outputs"], {}, "no list"),
        (["outputs", 0, "text"], 7, "no string"),
        (["assessments", 0, "new"], {}, "unknown member"),
        (["assessments", 0, "wordPolicy", "customWords", 0, "detected"], "true", "no boolean"),
        (["assessments", 0, "wordPolicy", "customWords", 0, "match"], None, "null"),
        (["assessments", 0, "appliedGuardrailDetails", "guardrailArn"], "arn", "is not "),
        (["assessments", 0, "appliedGuardrailDetails", "guardrailOrigin"], ["ME"], "is not one of"),
    ],
)
def test_a_fault_is_seen(where, value, said):
    [path] = [path for path in GOLDEN if path.stem == "word-blocked"]
    reply = copy.deepcopy(golden(path))
    inner = reply
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = value
    assert any(said in fault for fault in faults(reply)), faults(reply)


@pytest.mark.parametrize("member", ["usage", "action", "outputs", "assessments"])
def test_a_missing_member_is_seen(member):
    reply = golden(GOLDEN[0])
    del reply[member]
    assert faults(reply) == [f"$.{member}: required"]


def test_headers_and_status_are_seen():
    body = json.dumps(golden(GOLDEN[0])).encode()
    assert service_model.reply_faults(OPERATION, 202, HEADERS, body)
    assert service_model.reply_faults(OPERATION, 200, {**HEADERS, "Content-Type": "text/plain"}, body)
    assert service_model.reply_faults(OPERATION, 200, {"Content-Type": "application/json"}, body)


def test_errors_are_checked_too():
    def said(status, code, body):
        return service_model.reply_faults(OPERATION, status, {**HEADERS, "x-amzn-ErrorType": code}, body)

    assert said(400, "ValidationException:http://x", b'{"message":"no"}') == []
    assert said(404, "ValidationException:http://x", b'{"message":"no"}')
    assert said(400, "ConflictException:http://x", b'{"message":"no"}'), "no error of this operation"
    assert said(400, "", b'{"message":"no"}')
    assert said(400, "ValidationException", b'{"Message":"no"}')
    assert said(400, "ValidationException", b"no")
