"""InvokeGuardrailChecks through boto3: the sensitive-information check, and an honest no to the others."""

import pytest


def check(runtime, *texts, types=("EMAIL",), role="user", messages=None):
    if messages is None:
        messages = [{"role": role, "content": [{"text": text} for text in texts]}]
    return runtime.invoke_guardrail_checks(
        messages=messages,
        checks={"sensitiveInformation": {"entities": [{"type": type_} for type_ in types]}},
    )


def test_findings_are_in_code_points(runtime):
    text = "Écris à 😀 jane@example.com vite"
    reply = check(runtime, text)
    assert set(reply["results"]) == {"sensitiveInformation"}
    assert set(reply["usage"]) == {"sensitiveInformation"}
    [found] = reply["results"]["sensitiveInformation"]["results"]
    assert text[found["beginOffset"] : found["endOffset"]] == "jane@example.com"
    assert (found["type"], found["messageIndex"], found["contentIndex"]) == ("EMAIL", 0, 0)
    assert 0 < found["confidenceScore"] <= 1
    assert reply["results"]["sensitiveInformation"]["truncated"] is False


def test_positions_over_messages_and_blocks(runtime):
    messages = [
        {"role": "system", "content": [{"text": "nothing"}]},
        {"role": "user", "content": [{"text": "nothing"}, {"text": "a jane@example.com"}]},
        {"role": "assistant", "content": [{"text": "bob@example.com"}]},
    ]
    found = check(runtime, messages=messages)["results"]["sensitiveInformation"]["results"]
    assert sorted((f["messageIndex"], f["contentIndex"], f["beginOffset"], f["endOffset"]) for f in found) == [
        (1, 1, 2, 18),
        (2, 0, 0, 15),
    ]


def test_nothing_found_is_an_empty_list(runtime):
    reply = check(runtime, "A quiet day.")
    assert reply["results"]["sensitiveInformation"]["results"] == []


def test_only_the_types_asked_for(runtime):
    text = "jane@example.com or +1 415-555-2671"
    found = check(runtime, text, types=("PHONE",))["results"]["sensitiveInformation"]["results"]
    assert [f["type"] for f in found] == ["PHONE"]


@pytest.mark.parametrize("length, units", [(1, 1), (1000, 1), (1001, 2)])
def test_units(runtime, length, units):
    reply = check(runtime, "x" * length)
    assert reply["usage"]["sensitiveInformation"]["textUnits"] == units


def test_findings_are_capped_and_say_so(runtime):
    reply = check(runtime, " ".join(f"u{n}@example.com" for n in range(1200)))
    result = reply["results"]["sensitiveInformation"]
    assert (len(result["results"]), result["truncated"]) == (1000, True)


@pytest.mark.parametrize(
    "checks",
    [
        {},
        {"sensitiveInformation": {"entities": [{"type": "SHOE_SIZE"}]}},
        {"contentFilter": {"categories": [{"category": "PROMPT_ATTACK"}]}},
        {"promptAttack": {"categories": [{"category": "VIOLENCE"}]}},
    ],
)
def test_bad_checks(runtime, refused, checks):
    code, _ = refused(
        runtime.invoke_guardrail_checks, messages=[{"role": "user", "content": [{"text": "x"}]}], checks=checks
    )
    assert code == "ValidationException"


def test_a_bad_role(runtime, refused):
    messages = [{"role": "tool", "content": [{"text": "x"}]}]
    code, _ = refused(
        runtime.invoke_guardrail_checks,
        messages=messages,
        checks={"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}},
    )
    assert code == "ValidationException"


@pytest.mark.parametrize(
    "checks",
    [
        {"contentFilter": {"categories": [{"category": "VIOLENCE"}]}},
        {"promptAttack": {"categories": [{"category": "JAILBREAK"}]}},
    ],
)
def test_a_check_without_a_detector_is_an_error_and_no_score(runtime, refused, checks):
    """This build has no classifier: an invented score would be a silent pass."""
    code, message = refused(
        runtime.invoke_guardrail_checks, messages=[{"role": "user", "content": [{"text": "x"}]}], checks=checks
    )
    assert code in {"ValidationException", "ServiceUnavailableException", "InternalServerException"}
    assert message
