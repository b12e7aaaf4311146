"""The AWS CLI v1, as it comes from PyPI, as a process of its own."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

import conftest

AWS = pathlib.Path(sys.executable).parent / "aws"


def aws(*arguments: str, endpoint: str | None = None, environment: dict | None = None) -> subprocess.CompletedProcess:
    command = [sys.executable, str(AWS), *arguments]
    if endpoint is not None:
        command += ["--endpoint-url", endpoint]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "AWS_MAX_ATTEMPTS": "1", **(environment or {})},
    )


@pytest.fixture(scope="module")
def call(server):
    """Runs one CLI call that must succeed, and gives its JSON."""

    def run(*arguments: str) -> dict:
        done = aws(*arguments, endpoint=server.endpoint)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    return run


@pytest.fixture(scope="module")
def made(call, bedrock):
    request = conftest.create_request(
        wordPolicyConfig={"wordsConfig": [{"text": "bluewhale"}]},
        sensitiveInformationPolicyConfig={"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]},
        tags=[{"key": "team", "value": "a"}],
    )
    reply = call("bedrock", "create-guardrail", "--cli-input-json", json.dumps(request))
    yield reply
    bedrock.delete_guardrail(guardrailIdentifier=reply["guardrailId"])


def text(content: str) -> str:
    return json.dumps([{"text": {"text": content}}])


def apply(call, identifier: str, version: str, content: str, source: str = "INPUT") -> dict:
    return call(
        "bedrock-runtime",
        "apply-guardrail",
        "--guardrail-identifier",
        identifier,
        "--guardrail-version",
        version,
        "--source",
        source,
        "--content",
        text(content),
    )


def test_create_and_get(call, made):
    assert made["version"] == "DRAFT"
    got = call("bedrock", "get-guardrail", "--guardrail-identifier", made["guardrailId"])
    assert got["status"] == "READY"
    assert got["sensitiveInformationPolicy"]["regexes"] == []


def test_apply_blocks_and_masks(call, made):
    blocked = apply(call, made["guardrailId"], "DRAFT", "is bluewhale better?")
    assert blocked["outputs"] == [{"text": "BLOCKED_INPUT"}]
    masked = apply(call, made["guardrailArn"], "DRAFT", "write to jane@example.com", source="OUTPUT")
    assert masked["outputs"] == [{"text": "write to {EMAIL}"}]


def test_shorthand_syntax(call, made):
    reply = call(
        "bedrock-runtime",
        "apply-guardrail",
        "--guardrail-identifier",
        made["guardrailId"],
        "--guardrail-version",
        "DRAFT",
        "--source",
        "INPUT",
        "--content",
        "text={text=bluewhale,qualifiers=[guard_content]}",
        "--output-scope",
        "FULL",
    )
    assert reply["action"] == "GUARDRAIL_INTERVENED"


def test_versions(call, made):
    first = call("bedrock", "create-guardrail-version", "--guardrail-identifier", made["guardrailId"])
    assert first["version"] == "1"
    listed = call("bedrock", "list-guardrails", "--guardrail-identifier", made["guardrailArn"])
    assert {item["version"] for item in listed["guardrails"]} >= {"DRAFT", "1"}
    assert apply(call, made["guardrailId"], "1", "bluewhale")["action"] == "GUARDRAIL_INTERVENED"


def test_update(call, bedrock, guardrail):
    other = guardrail(wordPolicyConfig={"wordsConfig": [{"text": "before"}]})
    request = conftest.create_request(wordPolicyConfig={"wordsConfig": [{"text": "after"}]})
    call(
        "bedrock",
        "update-guardrail",
        "--guardrail-identifier",
        other["guardrailId"],
        "--cli-input-json",
        json.dumps({**request, "guardrailIdentifier": other["guardrailId"]}),
    )
    got = call("bedrock", "get-guardrail", "--guardrail-identifier", other["guardrailId"])
    assert got["wordPolicy"]["words"] == [{"text": "after"}]


def test_the_cli_pages_by_itself(call, guardrail):
    ids = {guardrail(wordPolicyConfig={"wordsConfig": [{"text": "x"}]})["guardrailId"] for _ in range(3)}
    listed = call("bedrock", "list-guardrails", "--page-size", "1")
    assert ids <= {item["id"] for item in listed["guardrails"]}


def test_tags(call, made):
    arn = made["guardrailArn"]
    call("bedrock", "tag-resource", "--resource-arn", arn, "--tags", "key=stage,value=test")
    tags = call("bedrock", "list-tags-for-resource", "--resource-arn", arn)["tags"]
    assert {"key": "stage", "value": "test"} in tags and {"key": "team", "value": "a"} in tags
    call("bedrock", "untag-resource", "--resource-arn", arn, "--tag-keys", "stage")
    assert call("bedrock", "list-tags-for-resource", "--resource-arn", arn)["tags"] == [{"key": "team", "value": "a"}]


def test_guardrail_checks(call):
    reply = call(
        "bedrock-runtime",
        "invoke-guardrail-checks",
        "--messages",
        '[{"role":"user","content":[{"text":"jane@example.com"}]}]',
        "--checks",
        '{"sensitiveInformation":{"entities":[{"type":"EMAIL"}]}}',
    )
    [found] = reply["results"]["sensitiveInformation"]["results"]
    assert (found["beginOffset"], found["endOffset"]) == (0, 16)


def test_endpoint_from_the_environment(server, made):
    for variable in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BEDROCK"):
        done = aws(
            "bedrock",
            "get-guardrail",
            "--guardrail-identifier",
            made["guardrailId"],
            environment={variable: server.endpoint},
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["guardrailId"] == made["guardrailId"]


def test_errors_are_named(server):
    done = aws("bedrock", "get-guardrail", "--guardrail-identifier", "zzzzzzzzzzzz", endpoint=server.endpoint)
    assert done.returncode != 0
    assert "(ResourceNotFoundException) when calling the GetGuardrail operation" in done.stderr
    done = aws(
        "bedrock-runtime",
        "apply-guardrail",
        "--guardrail-identifier",
        "zzzzzzzzzzzz",
        "--guardrail-version",
        "1",
        "--source",
        "INPUT",
        "--content",
        text("x"),
        endpoint=server.endpoint,
    )
    assert "(ValidationException) when calling the ApplyGuardrail operation" in done.stderr


def test_delete(call, server, guardrail):
    other = guardrail(wordPolicyConfig={"wordsConfig": [{"text": "x"}]})
    call("bedrock", "delete-guardrail", "--guardrail-identifier", other["guardrailId"])
    done = aws("bedrock", "get-guardrail", "--guardrail-identifier", other["guardrailId"], endpoint=server.endpoint)
    assert "ResourceNotFoundException" in done.stderr
