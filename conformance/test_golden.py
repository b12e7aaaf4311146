"""The examples of the observed behaviour as whole replies, byte for byte but for ids and latency."""

import json
import pathlib

import pytest

import wire_http

GOLDEN = sorted((pathlib.Path(__file__).parent / "golden").glob("*.json"))


def normalised(reply: dict, identifier: str, arn: str) -> dict:
    """The reply with what changes from run to run replaced by its name."""
    for assessment in reply["assessments"]:
        metrics = assessment["invocationMetrics"]
        assert isinstance(metrics["guardrailProcessingLatency"], int)
        assert 0 <= metrics["guardrailProcessingLatency"] < 60_000
        metrics["guardrailProcessingLatency"] = "<milliseconds>"
        details = assessment["appliedGuardrailDetails"]
        assert details["guardrailId"] == identifier
        assert details["guardrailArn"] == arn
        details["guardrailId"] = "<id>"
        details["guardrailArn"] = "<arn>"
    return reply


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_reply_is_as_recorded(path, server, guardrail):
    case = json.loads(path.read_text())
    made = guardrail(**case["guardrail"])
    url = f"/guardrail/{made['guardrailId']}/version/DRAFT/apply"
    reply = wire_http.send(server.port, "POST", url, case["request"])
    assert reply.status == 200, reply.body
    assert normalised(reply.json, made["guardrailId"], made["guardrailArn"]) == case["response"]
