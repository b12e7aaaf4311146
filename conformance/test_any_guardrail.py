"""any-guardrail's Bedrock guardrail: boto3 inside, the endpoint from the environment."""

import boto3
import pytest

import conftest
from any_guardrail import AnyGuardrail, GuardrailName


@pytest.fixture(scope="module")
def made(bedrock):
    reply = bedrock.create_guardrail(
        **conftest.create_request(
            wordPolicyConfig={"wordsConfig": [{"text": "bluewhale"}]},
            sensitiveInformationPolicyConfig={"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]},
        )
    )
    yield reply
    bedrock.delete_guardrail(guardrailIdentifier=reply["guardrailId"])


@pytest.fixture
def judge(server, made, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.endpoint)

    def make(**parameters):
        return AnyGuardrail.create(
            GuardrailName.BEDROCK_GUARDRAILS,
            **{"guardrail_identifier": made["guardrailId"], "boto3_session": boto3.Session(), **parameters},
        )

    return make


def test_a_clean_text_is_valid(judge):
    verdict = judge().validate("Where is my parcel?")
    assert (verdict.valid, verdict.score, verdict.action) == (True, 0.0, "NONE")
    assert verdict.extra["outputs"] == []


def test_a_blocked_text_is_not(judge):
    verdict = judge().validate("Is bluewhale better?")
    assert (verdict.valid, verdict.score, verdict.action) == (False, 1.0, "GUARDRAIL_INTERVENED")
    assert verdict.extra["outputs"] == [{"text": "BLOCKED_INPUT"}]


def test_an_answer_is_masked(judge):
    verdict = judge(source="OUTPUT").validate("Write to jane@example.com")
    assert verdict.extra["outputs"] == [{"text": "Write to {EMAIL}"}]
    [entity] = verdict.extra["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]
    assert (entity["match"], entity["action"]) == ("jane@example.com", "ANONYMIZED")


def test_several_texts_and_an_arn(judge, made):
    verdicts = judge(guardrail_identifier=made["guardrailArn"]).validate(["fine", "bluewhale", "fine too"])
    assert [verdict.valid for verdict in verdicts] == [True, False, True]
