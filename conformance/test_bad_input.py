"""Every operation with every kind of bad input, over raw HTTP: the right error each time, and the server stays up.

The wrong values are derived from botocore's service model, so that no constraint of it is forgotten: each case
changes one member of a request that is known to be good.
"""

import copy
import json

import boto3
import pytest

import conftest
import service_model
import wire_http
from test_control_plane import MAXIMAL

MODELS = {
    name: boto3.client(name, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b").meta.service_model
    for name in ("bedrock", "bedrock-runtime")
}

# The topic definition may be longer under the STANDARD tier; the model knows the CLASSIC bound only.
CONFIG = copy.deepcopy(MAXIMAL)
CONFIG["topicPolicyConfig"]["tierConfig"] = {"tierName": "CLASSIC"}

INFERENCE = {
    "guardrailIdentifier": "{id}",
    "guardrailVersion": "1",
    "selectiveContentGuarding": {"system": "SELECTIVE", "messages": "SELECTIVE"},
    "modelEnforcement": {"includedModels": ["ALL"], "excludedModels": ["anthropic.claude-v2"]},
}
NAMED = {"blockedInputMessaging": "IN", "blockedOutputsMessaging": "OUT"}
TAGS = [{"key": "team", "value": "a"}]

# operation -> service, method, path, body. `{id}` and `{arn}` stand for a guardrail that exists.
OPERATIONS = {
    "CreateGuardrail": (
        "bedrock",
        "POST",
        "/guardrails",
        {"name": "bad-input-new", **NAMED, **CONFIG, "tags": TAGS, "clientRequestToken": "a-token"},
    ),
    "UpdateGuardrail": ("bedrock", "PUT", "/guardrails/{id}", {"name": "bad-input-new", **NAMED, **CONFIG}),
    "CreateGuardrailVersion": (
        "bedrock",
        "POST",
        "/guardrails/{id}",
        {"description": "one", "clientRequestToken": "a-token"},
    ),
    "GetGuardrail": ("bedrock", "GET", "/guardrails/{id}", None),
    "ListGuardrails": ("bedrock", "GET", "/guardrails", None),
    "DeleteGuardrail": ("bedrock", "DELETE", "/guardrails/{id}", None),
    "TagResource": ("bedrock", "POST", "/tagResource", {"resourceARN": "{arn}", "tags": TAGS}),
    "UntagResource": ("bedrock", "POST", "/untagResource", {"resourceARN": "{arn}", "tagKeys": ["team"]}),
    "ListTagsForResource": ("bedrock", "POST", "/listTagsForResource", {"resourceARN": "{arn}"}),
    "PutEnforcedGuardrailConfiguration": (
        "bedrock",
        "PUT",
        "/enforcedGuardrailsConfiguration",
        {"configId": "abc123", "guardrailInferenceConfig": INFERENCE},
    ),
    "ListEnforcedGuardrailsConfiguration": ("bedrock", "GET", "/enforcedGuardrailsConfiguration", None),
    "DeleteEnforcedGuardrailConfiguration": ("bedrock", "DELETE", "/enforcedGuardrailsConfiguration/abc123", None),
    "ApplyGuardrail": (
        "bedrock-runtime",
        "POST",
        "/guardrail/{id}/version/DRAFT/apply",
        {
            "source": "INPUT",
            "outputScope": "FULL",
            "content": [{"text": {"text": "hello", "qualifiers": ["guard_content"]}}],
        },
    ),
    "InvokeGuardrailChecks": (
        "bedrock-runtime",
        "POST",
        "/guardrail-checks/invoke",
        {
            "messages": [{"role": "user", "content": [{"text": "hello"}]}],
            "checks": {"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}},
        },
    ),
}
WITH_BODY = {name: row for name, row in OPERATIONS.items() if row[3] is not None}


def operation(name: str):
    return MODELS[OPERATIONS[name][0]].operation_model(name)


@pytest.fixture(scope="module")
def made(bedrock):
    reply = bedrock.create_guardrail(
        **conftest.create_request(wordPolicyConfig={"wordsConfig": [{"text": "bluewhale"}]})
    )
    yield reply
    bedrock.delete_guardrail(guardrailIdentifier=reply["guardrailId"])


@pytest.fixture
def send(server, made):
    """Sends to an operation; the reply must be one of the operation's in the model, error or not."""

    def call(name: str, body=None, path: str | None = None, headers: dict | None = None) -> wire_http.Reply:
        _, method, own_path, _ = OPERATIONS[name]
        path = (path or own_path).replace("{id}", made["guardrailId"])
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body).replace("{id}", made["guardrailId"]).replace("{arn}", made["guardrailArn"])
        reply = wire_http.send(server.port, method, path, body, headers)
        found = service_model.reply_faults(operation(name), reply.status, reply.headers, reply.body)
        assert not found, (found, reply)
        assert server.alive()
        return reply

    return call


def wrong_values(shape, value, path=(), spelled=""):
    """(what is wrong, where in the request, the wrong value, what the message must hold) for one good value."""
    metadata = shape.metadata
    for other in {"structure": [7, [], "x"], "list": [7, {}, "x"], "string": [7, [], {}, True]}.get(
        shape.type_name, ["x", [], {}]
    ):
        yield "type", path, other, None
    at = f"at '{spelled}' failed to satisfy constraint: "
    match shape.type_name:
        case "structure":
            for name, member in shape.members.items():
                if name not in value or member.serialization.get("location"):
                    continue
                inner = f"{spelled}.{name}" if spelled else name
                yield from wrong_values(member, value[name], (*path, name), inner)
                if name in shape.required_members:
                    message = f"at '{inner}' failed to satisfy constraint: Member must not be null"
                    yield "missing", (*path, name), ABSENT, message
                    yield "null", (*path, name), None, message
        case "list":
            if metadata.get("min", 0) > 0:
                yield "short", path, [], at + f"Member must have length greater than or equal to {metadata['min']}"
            if "max" in metadata:
                longer = value[:1] * (metadata["max"] + 1)
                yield "long", path, longer, at + f"Member must have length less than or equal to {metadata['max']}"
            yield from wrong_values(shape.member, value[0], (*path, 0), f"{spelled}.1.member")
        case "string":
            least = metadata.get("min", 0)
            if least > 0:
                yield "short", path, "", at + f"Member must have length greater than or equal to {least}"
            if "max" in metadata:
                longer = "x" * (metadata["max"] + 1)
                yield "long", path, longer, at + f"Member must have length less than or equal to {metadata['max']}"
            if shape.enum:
                yield "enum", path, "NONSENSE", at + "Member must satisfy enum value set: ["
            if "pattern" in metadata:
                yield "pattern", path, "~" * max(least, 1), at + "Member must satisfy regular expression pattern: "
        case "double" | "integer" | "long":
            if "min" in metadata:
                wrong = metadata["min"] - 1
                yield "small", path, wrong, at + "Member must have value greater than or equal to "
            if "max" in metadata:
                yield "large", path, metadata["max"] + 1, at + "Member must have value less than or equal to "


ABSENT = object()


def changed(body, path, value):
    body = copy.deepcopy(body)
    if not path:
        return value
    inner = body
    for step in path[:-1]:
        inner = inner[step]
    if value is ABSENT:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return body


MODEL_CASES = [
    pytest.param(name, path, value, message, id=f"{name}-{'.'.join(map(str, path)) or 'body'}-{what}-{index}")
    for name, (_, _, _, body) in WITH_BODY.items()
    for index, (what, path, value, message) in enumerate(
        wrong_values(MODELS[OPERATIONS[name][0]].operation_model(name).input_shape, body)
    )
]


@pytest.mark.parametrize("name, path, value, message", MODEL_CASES)
def test_model_constraint(send, name, path, value, message):
    reply = send(name, changed(OPERATIONS[name][3], path, value))
    assert (reply.status, reply.error) == (400, "ValidationException"), reply
    if message is not None:
        assert "validation error" in reply.json["message"]
        assert message in reply.json["message"]


def test_there_are_enough_cases():
    assert len(MODEL_CASES) > 300


def test_several_errors_are_counted(send):
    body = {**OPERATIONS["CreateGuardrail"][3], "name": "a b", "description": ""}
    message = send("CreateGuardrail", body).json["message"]
    assert message.startswith("2 validation errors detected: ")
    assert "at 'name'" in message and "; " in message and "at 'description'" in message


def test_sensitive_members_are_not_echoed(send):
    body = {**OPERATIONS["CreateGuardrail"][3], "name": "secret name!"}
    assert "secret" not in send("CreateGuardrail", body).json["message"]


NEW = {"name": "bad-input-rules", **NAMED}
PROMPT_ATTACK = {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "HIGH"}
HATE = {"type": "HATE", "inputStrength": "LOW", "outputStrength": "LOW"}
PETS = {"name": "Pets", "definition": "Talk about pets.", "type": "DENY"}
EMAIL = {"type": "EMAIL", "action": "BLOCK"}


def sensitive_regex(pattern, **members):
    entry = {"name": "r", "pattern": pattern, "action": "BLOCK", **members}
    return {"sensitiveInformationPolicyConfig": {"regexesConfig": [entry]}}


# The documented rules across members, which the model cannot say.
RULES = {
    "no policy": {},
    "prompt attack on output": {"contentPolicyConfig": {"filtersConfig": [PROMPT_ATTACK]}},
    "a filter twice": {"contentPolicyConfig": {"filtersConfig": [HATE, HATE]}},
    "a topic twice": {"topicPolicyConfig": {"topicsConfig": [PETS, PETS]}},
    "a type twice": {"sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [EMAIL, EMAIL]}},
    "four words": {"wordPolicyConfig": {"wordsConfig": [{"text": "one two three four"}]}},
    "standard without a profile": {
        "topicPolicyConfig": {"topicsConfig": [PETS], "tierConfig": {"tierName": "STANDARD"}}
    },
    "a long definition": {"topicPolicyConfig": {"topicsConfig": [{**PETS, "definition": "x" * 201}]}},
    "a threshold of one": {
        "contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": 1}]}
    },
    "look-ahead": sensitive_regex("a(?=b)"),
    "look-behind": sensitive_regex("(?<!a)b"),
    "a back reference": sensitive_regex(r"(a)\1"),
    "an open group": sensitive_regex("(a"),
    "too big a pattern": sensitive_regex(r"\w{900}{50}"),
    "too deep a pattern": sensitive_regex("(" * 200 + "a" + ")" * 200),
    "fifty-one tags": {
        "wordPolicyConfig": {"wordsConfig": [{"text": "x"}]},
        "tags": [{"key": f"k{n}", "value": "v"} for n in range(51)],
    },
}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_across_members(send, rule):
    reply = send("CreateGuardrail", {**NEW, **RULES[rule]})
    expected = "TooManyTagsException" if rule == "fifty-one tags" else "ValidationException"
    assert (reply.status, reply.error) == (400, expected), reply


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "fifty-one tags"], ids=str)
def test_rule_across_members_on_update(send, rule):
    reply = send("UpdateGuardrail", {**NEW, **RULES[rule]})
    assert (reply.status, reply.error) == (400, "ValidationException"), reply


DEEP = 100_000
# MEMBER stands for a member that the operation reads: what it ignores it need not judge.
MALFORMED = {
    "nothing": "",
    "half": '{"MEMBER": "x"',
    "a comma too many": '{"MEMBER": "x",}',
    "text": "hello",
    "two values": "{} {}",
    "a list": "[]",
    "a string": '"x"',
    "null": "null",
    "not UTF-8": b'{"MEMBER": "\xff\xfe"}',
    "not UTF-8 in an unknown member": b'{"unknown": "\xff\xfe"}',
    "a lone surrogate": '{"MEMBER": "\\ud800"}',
    "a raw control character": '{"MEMBER": "a\nb"}',
    "deep lists": "[" * DEEP + "]" * DEEP,
    "deep objects": '{"MEMBER":' * DEEP + "1" + "}" * DEEP,
    "deep and open": '{"MEMBER":' + "[" * DEEP,
    "ten megabytes": '{"MEMBER": "' + "x" * 10_000_000 + '"}',
    "ten megabytes of white space": " " * 10_000_000 + "{}",
}
MEMBERS = {
    "CreateGuardrail": "name",
    "UpdateGuardrail": "name",
    "CreateGuardrailVersion": "description",
    "TagResource": "resourceARN",
    "UntagResource": "resourceARN",
    "ListTagsForResource": "resourceARN",
    "PutEnforcedGuardrailConfiguration": "configId",
    "ApplyGuardrail": "source",
    "InvokeGuardrailChecks": "messages",
}


@pytest.mark.parametrize("kind", MALFORMED, ids=str)
@pytest.mark.parametrize("name", WITH_BODY)
def test_malformed_body(send, name, kind):
    if kind == "nothing" and name == "CreateGuardrailVersion":
        pytest.skip("every member of its body is optional")
    body, member = MALFORMED[kind], MEMBERS[name]
    body = body.replace(b"MEMBER", member.encode()) if isinstance(body, bytes) else body.replace("MEMBER", member)
    reply = send(name, body)
    assert (reply.status, reply.error) == (400, "ValidationException"), reply


def test_deep_in_an_ignored_member(send):
    """It may be skipped or refused; what it may not do is to take the server down."""
    body = '{"source":"INPUT","content":[{"text":{"text":"x"}}],"unknown":' + "[" * DEEP + "]" * DEEP + "}"
    assert send("ApplyGuardrail", body).status in (200, 400)


def test_a_list_of_a_million_unknown_objects(send):
    body = '{"source": "INPUT", "content": [{"text": {"text": "x"}}], "unknown": [' + '{"a":0},' * 800_000 + "0]}"
    assert send("ApplyGuardrail", body).status in (200, 400)


@pytest.mark.parametrize("name", WITH_BODY)
def test_an_encoded_body_is_refused(send, name):
    import gzip

    body = gzip.compress(json.dumps(OPERATIONS[name][3]).encode())
    reply = send(name, body, headers={"Content-Encoding": "gzip"})
    assert (reply.status, reply.error) == (400, "ValidationException")


UNKNOWN = "zzzzzzzzzzzz"


@pytest.mark.parametrize(
    "name", ["GetGuardrail", "UpdateGuardrail", "CreateGuardrailVersion", "DeleteGuardrail", "ListGuardrails"]
)
@pytest.mark.parametrize("form", ["id", "arn", "raw arn"])
def test_unknown_id(send, made, name, form):
    arn = made["guardrailArn"].replace(made["guardrailId"], UNKNOWN)
    identifier = {"id": UNKNOWN, "arn": arn.replace(":", "%3A").replace("/", "%2F"), "raw arn": arn}[form]
    body = OPERATIONS[name][3]
    if name == "UpdateGuardrail":
        body = {**NEW, "wordPolicyConfig": {"wordsConfig": [{"text": "x"}]}}
    path = f"/guardrails?guardrailIdentifier={identifier}" if name == "ListGuardrails" else f"/guardrails/{identifier}"
    reply = send(name, body, path)
    assert (reply.status, reply.error) == (404, "ResourceNotFoundException"), reply


@pytest.mark.parametrize(
    "name, path",
    [
        ("GetGuardrail", "/guardrails/UPPER"),
        ("GetGuardrail", "/guardrails/a%20b"),
        ("GetGuardrail", "/guardrails/%ff"),
        ("GetGuardrail", "/guardrails/" + "a" * 2049),
        ("GetGuardrail", "/guardrails/{id}?guardrailVersion=0"),
        ("GetGuardrail", "/guardrails/{id}?guardrailVersion=latest"),
        ("GetGuardrail", "/guardrails/{id}?guardrailVersion=123456789"),
        ("DeleteGuardrail", "/guardrails/UPPER"),
        ("DeleteGuardrail", "/guardrails/{id}?guardrailVersion=DRAFT"),
        ("DeleteGuardrail", "/guardrails/{id}?guardrailVersion=-1"),
        ("ListGuardrails", "/guardrails?maxResults=0"),
        ("ListGuardrails", "/guardrails?maxResults=1001"),
        ("ListGuardrails", "/guardrails?maxResults=many"),
        ("ListGuardrails", "/guardrails?nextToken=" + "x" * 2049),
        ("ListGuardrails", "/guardrails?nextToken=a%20b"),
        ("ListGuardrails", "/guardrails?guardrailIdentifier=UPPER"),
        ("ListEnforcedGuardrailsConfiguration", "/enforcedGuardrailsConfiguration?nextToken=a%20b"),
        ("DeleteEnforcedGuardrailConfiguration", "/enforcedGuardrailsConfiguration/UPPER"),
    ],
)
def test_bad_members_of_path_and_query(send, name, path):
    reply = send(name, None, path)
    assert (reply.status, reply.error) == (400, "ValidationException"), reply


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/"),
        ("GET", "/unknown"),
        ("POST", "/guardrail/abc/apply"),
        ("POST", "/model/x/nothing"),
        ("PATCH", "/guardrails"),
        ("PUT", "/guardrails"),
        ("DELETE", "/guardrails"),
        ("GET", "/guardrail/abc/version/1/apply"),
        ("GET", "/tagResource"),
        ("GET", "/guardrail-checks/invoke"),
        ("DELETE", "/enforcedGuardrailsConfiguration"),
        ("OPTIONS", "/guardrails"),
        ("NONSENSE", "/guardrails"),
        ("GET", "/../../etc/passwd"),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd"),
        ("GET", "//"),
    ],
)
def test_unknown_route_or_method(server, method, path):
    reply = wire_http.send(server.port, method, path, "{}")
    assert (reply.status, reply.error) in {
        (404, "UnknownOperationException"),
        (405, "UnknownOperationException"),
        (403, "AccessDeniedException"),
    }, reply
    assert reply.headers["x-amzn-requestid"]
    assert reply.json["message"]


def test_heads_that_are_too_long(server):
    for headers in ({"X-Long": "x" * 1_000_000}, {f"X-{n}": "x" for n in range(1000)}):
        try:
            status = wire_http.send(server.port, "GET", "/guardrails", None, headers).status
        except (ConnectionError, OSError):
            status = 431  # closed while we were still sending
        assert status == 431
    try:
        assert wire_http.send(server.port, "GET", "/guardrails/" + "a" * 1_000_000).status in (400, 414, 431)
    except (ConnectionError, OSError):
        pass


def test_the_server_still_answers(server, runtime, made):
    assert server.alive()
    assert wire_http.send(server.port, "GET", "/healthz").status == 200
    reply = runtime.apply_guardrail(
        guardrailIdentifier=made["guardrailId"],
        guardrailVersion="DRAFT",
        source="INPUT",
        content=[{"text": {"text": "bluewhale"}}],
    )
    assert reply["action"] == "GUARDRAIL_INTERVENED"
    assert "panicked" not in server.log()
