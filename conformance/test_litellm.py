"""LiteLLM's Bedrock guardrail hook, in process: the class that its proxy runs before and after a call."""

import asyncio
import os

import pytest

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # litellm must not fetch its price list
os.environ["LITELLM_LOG"] = "ERROR"

import litellm  # noqa: E402
from fastapi import HTTPException  # noqa: E402
from litellm.caching import DualCache  # noqa: E402
from litellm.proxy._types import UserAPIKeyAuth  # noqa: E402
from litellm.proxy.guardrails.guardrail_hooks.bedrock_guardrails import BedrockGuardrail  # noqa: E402
from litellm.types.guardrails import GuardrailEventHooks  # noqa: E402

POLICIES = {
    "wordPolicyConfig": {"wordsConfig": [{"text": "bluewhale"}]},
    "sensitiveInformationPolicyConfig": {
        "piiEntitiesConfig": [
            {"type": "EMAIL", "action": "ANONYMIZE"},
            {"type": "US_SOCIAL_SECURITY_NUMBER", "action": "BLOCK"},
        ],
        "regexesConfig": [{"name": "booking", "pattern": "B-[0-9]{6}", "action": "ANONYMIZE"}],
    },
}


@pytest.fixture(scope="module")
def made(bedrock):
    import conftest

    reply = bedrock.create_guardrail(**conftest.create_request(**POLICIES))
    bedrock.create_guardrail_version(guardrailIdentifier=reply["guardrailId"])
    yield reply
    bedrock.delete_guardrail(guardrailIdentifier=reply["guardrailId"])


@pytest.fixture
def hook(server, made):
    """A hook as `litellm_params` of the proxy's configuration would make it."""

    def make(identifier=None, version="1", event=GuardrailEventHooks.pre_call, **parameters):
        if "checks" not in parameters:
            parameters |= {
                "guardrailIdentifier": identifier or made["guardrailId"],
                "guardrailVersion": version,
            }
        return BedrockGuardrail(
            guardrail_name="pretil",
            event_hook=event,
            default_on=True,
            aws_region_name="us-east-1",
            aws_access_key_id="AKIDCONFORMANCE",
            aws_secret_access_key="not-a-secret",
            aws_bedrock_runtime_endpoint=server.endpoint,
            **parameters,
        )

    return make


def pre_call(hook, *messages):
    data = {
        "model": "any",
        "messages": [
            message if isinstance(message, dict) else {"role": "user", "content": message} for message in messages
        ],
    }

    async def run():
        return await hook.async_pre_call_hook(
            user_api_key_dict=UserAPIKeyAuth(), cache=DualCache(), data=data, call_type="completion"
        )

    return [message["content"] for message in asyncio.run(run())["messages"]]


def post_call(hook, answer, question="Hello"):
    response = litellm.ModelResponse(
        choices=[litellm.Choices(message=litellm.Message(role="assistant", content=answer))]
    )
    data = {"model": "any", "messages": [{"role": "user", "content": question}]}

    async def run():
        await hook.async_post_call_success_hook(data=data, user_api_key_dict=UserAPIKeyAuth(), response=response)

    asyncio.run(run())
    return response.choices[0].message.content


def test_a_clean_prompt_passes_unchanged(hook):
    assert pre_call(hook(), "Where is my parcel?") == ["Where is my parcel?"]


@pytest.mark.parametrize("prompt", ["Is bluewhale better?", "My SSN is 536-22-1845."])
def test_a_blocked_prompt_raises_with_our_message(hook, made, prompt):
    with pytest.raises(HTTPException) as raised:
        pre_call(hook(), prompt)
    assert raised.value.status_code == 400
    detail = raised.value.detail
    assert detail["error"] == "Violated guardrail policy"
    assert detail["bedrock_guardrail_response"] == "BLOCKED_INPUT"
    assert detail["assessments"]


def test_a_prompt_is_masked(hook):
    masking = hook(mask_request_content=True)
    assert pre_call(masking, "Write to jane@example.com about B-123456") == ["Write to {EMAIL} about {booking}"]


def test_every_message_is_masked_in_its_place(hook):
    masking = hook(mask_request_content=True)
    got = pre_call(
        masking,
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "I am jane@example.com"},
        {"role": "assistant", "content": "Noted."},
        {"role": "user", "content": "and john@example.org"},
    )
    assert got == ["Be kind.", "I am {EMAIL}", "Noted.", "and {EMAIL}"]


def test_block_wins_over_mask(hook):
    with pytest.raises(HTTPException):
        pre_call(hook(mask_request_content=True), "bluewhale, jane@example.com")


def test_content_in_parts(hook):
    masking = hook(mask_request_content=True)
    parts = [{"type": "text", "text": "I am"}, {"type": "text", "text": "jane@example.com"}]
    [got] = pre_call(masking, {"role": "user", "content": parts})
    assert [part["text"] for part in got] == ["I am", "{EMAIL}"]


def test_an_answer_is_masked(hook):
    masking = hook(event=GuardrailEventHooks.post_call, mask_response_content=True)
    assert post_call(masking, "Her address is jane@example.com.") == "Her address is {EMAIL}."


def test_an_answer_is_blocked(hook):
    with pytest.raises(HTTPException) as raised:
        post_call(hook(event=GuardrailEventHooks.post_call), "Buy from bluewhale instead.")
    assert raised.value.detail["bedrock_guardrail_response"] == "BLOCKED_OUTPUT"


def test_a_clean_answer_passes(hook):
    assert post_call(hook(event=GuardrailEventHooks.post_call), "It is on its way.") == "It is on its way."


@pytest.mark.parametrize("version", ["DRAFT", "1"])
def test_an_arn_goes_unencoded_into_the_path(hook, made, version):
    with pytest.raises(HTTPException) as raised:
        pre_call(hook(identifier=made["guardrailArn"], version=version), "bluewhale")
    assert raised.value.detail["bedrock_guardrail_response"] == "BLOCKED_INPUT"


def test_an_unknown_guardrail_is_an_error_and_no_pass(hook):
    with pytest.raises(HTTPException) as raised:
        pre_call(hook(identifier="zzzzzzzzzzzz"), "Hello")
    assert raised.value.status_code == 400
    assert "does not exist" in str(raised.value.detail)


def test_a_bearer_token_over_http(hook, monkeypatch):
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "any-token")
    assert pre_call(hook(mask_request_content=True), "I am jane@example.com") == ["I am {EMAIL}"]


@pytest.mark.timeout(300)
def test_too_large_a_prompt_is_split_and_judged_whole(hook):
    long = "word " * 230_000
    with pytest.raises(HTTPException) as raised:
        pre_call(hook(), long + "bluewhale")
    assert raised.value.detail["bedrock_guardrail_response"] == "BLOCKED_INPUT"


def test_checks_mode(hook):
    checks = {"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}}
    assert pre_call(hook(checks=checks), "A quiet day.") == ["A quiet day."]
    with pytest.raises(HTTPException):
        pre_call(hook(checks=checks), "I am jane@example.com")


def test_full_scope(hook):
    from litellm.types.guardrails import BedrockGuardrailOutputScope

    assert pre_call(hook(outputScope=BedrockGuardrailOutputScope("FULL")), "A quiet day.") == ["A quiet day."]
