"""The errors of ApplyGuardrail, in AWS's own wording."""

import pytest

import wire_http

WORDS = {"wordPolicyConfig": {"wordsConfig": [{"text": "bluewhale"}]}}
TEXT = [{"text": {"text": "hello"}}]
UNKNOWN = "The guardrail identifier or version provided in the request does not exist."
FORMAT = "Guardrail was enabled but input is in incorrect format."


@pytest.mark.parametrize(
    "identifier, version",
    [("zzzzzzzzzzzz", "DRAFT"), (None, "1"), (None, "99999999"), ("arn:aws:bedrock:us-east-1:123456789012:guardrail/zzz", "1")],
)
def test_unknown_identifier_or_version(runtime, draft, refused, identifier, version):
    code, message = refused(
        runtime.apply_guardrail,
        guardrailIdentifier=identifier or draft(**WORDS),
        guardrailVersion=version,
        source="INPUT",
        content=TEXT,
    )
    assert (code, message) == ("ValidationException", UNKNOWN)


@pytest.mark.parametrize("identifier, version", [("None", "None"), ("UPPER", "DRAFT"), ("a_b", "1"), (None, "0"), (None, "latest")])
def test_malformed_identifier_or_version(runtime, draft, refused, identifier, version):
    code, message = refused(
        runtime.apply_guardrail,
        guardrailIdentifier=identifier or draft(**WORDS),
        guardrailVersion=version,
        source="INPUT",
        content=TEXT,
    )
    assert (code, message) == ("ValidationException", FORMAT)


def test_empty_identifier_and_version(runtime, refused):
    code, _ = refused(
        runtime.apply_guardrail, guardrailIdentifier="", guardrailVersion="", source="INPUT", content=TEXT
    )
    assert code == "ValidationException"


def test_no_content(runtime, draft, refused):
    code, _ = refused(
        runtime.apply_guardrail,
        guardrailIdentifier=draft(**WORDS),
        guardrailVersion="DRAFT",
        source="INPUT",
        content=[],
    )
    assert code == "ValidationException"


@pytest.mark.parametrize(
    "member, value, set_",
    [("source", "BOTH", "[INPUT, OUTPUT]"), ("outputScope", "SOME", None)],
)
def test_outside_the_enum(runtime, draft, refused, member, value, set_):
    request = {
        "guardrailIdentifier": draft(**WORDS),
        "guardrailVersion": "DRAFT",
        "source": "INPUT",
        "content": TEXT,
        member: value,
    }
    code, message = refused(runtime.apply_guardrail, **request)
    assert code == "ValidationException"
    assert message.startswith("1 validation error detected: Value ")
    assert f"at '{member}' failed to satisfy constraint: Member must satisfy enum value set: " in message
    if set_ is not None:
        assert message.endswith(set_)


def test_over_the_unit_limit(server, draft):
    """LiteLLM recognises the wording and splits the text."""
    body = {"source": "INPUT", "content": [{"text": {"text": "word " * 300_000}}]}
    reply = wire_http.send(server.port, "POST", f"/guardrail/{draft(**WORDS)}/version/DRAFT/apply", body)
    assert (reply.status, reply.error) == (429, "ThrottlingException")
    assert "text units) exceeds the maximum allowed (1000 text units)" in reply.json["message"]
    assert "(1500 text units)" in reply.json["message"]


def test_one_thousand_units_are_accepted(server, draft):
    body = {"source": "INPUT", "content": [{"text": {"text": "word " * 200_000}}]}
    reply = wire_http.send(server.port, "POST", f"/guardrail/{draft(**WORDS)}/version/DRAFT/apply", body)
    assert reply.status == 200, reply.body[:300]
    assert reply.json["usage"]["wordPolicyUnits"] == 1000


def test_sdk_sees_typed_exceptions(runtime, draft):
    with pytest.raises(runtime.exceptions.ValidationException):
        runtime.apply_guardrail(
            guardrailIdentifier="zzzzzzzzzzzz", guardrailVersion="1", source="INPUT", content=TEXT
        )
