"""One server for the whole run, and clients that look at it."""

import itertools
import os

import boto3
import pytest
from botocore.config import Config

import service_model
from pretil import Pretil

REGION = "us-east-1"

# The server runs on loopback and asks for no credentials; the clients sign all the same.
os.environ.update(
    AWS_ACCESS_KEY_ID="AKIDCONFORMANCE",
    AWS_SECRET_ACCESS_KEY="not-a-secret",
    AWS_DEFAULT_REGION=REGION,
    AWS_REGION=REGION,
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
)
for _name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_BEARER_TOKEN_BEDROCK"):
    os.environ.pop(_name, None)

_numbers = itertools.count(1)


def client(service: str, endpoint: str):
    """A boto3 client, unmodified but for the endpoint; its replies are checked against the model."""
    made = boto3.client(
        service,
        endpoint_url=endpoint,
        config=Config(retries={"max_attempts": 1, "mode": "standard"}, read_timeout=60, proxies={}),
    )
    service_model.watch(made)
    return made


@pytest.fixture(scope="session")
def server():
    with Pretil() as running:
        yield running
        assert running.alive(), "the server went down during the run:\n" + running.log()[-4000:]


@pytest.fixture(scope="session")
def bedrock(server):
    return client("bedrock", server.endpoint)


@pytest.fixture(scope="session")
def runtime(server):
    return client("bedrock-runtime", server.endpoint)


def create_request(**policies) -> dict:
    """A CreateGuardrail request with a name that no other has."""
    request = {
        "name": f"conformance-{next(_numbers)}",
        "blockedInputMessaging": "BLOCKED_INPUT",
        "blockedOutputsMessaging": "BLOCKED_OUTPUT",
    }
    request.update(policies)
    return request


@pytest.fixture(scope="session")
def draft(bedrock):
    """Creates guardrails and gives their ids; equal configurations share one guardrail, and the quota."""
    made: dict[str, str] = {}

    def create(**policies) -> str:
        key = repr(sorted(policies.items()))
        if key not in made:
            made[key] = bedrock.create_guardrail(**create_request(**policies))["guardrailId"]
        return made[key]

    yield create
    for identifier in made.values():
        bedrock.delete_guardrail(guardrailIdentifier=identifier)


@pytest.fixture
def guardrail(bedrock):
    """Creates guardrails that live as long as the test, and gives the whole reply."""
    made = []

    def create(**request) -> dict:
        reply = bedrock.create_guardrail(**create_request(**request))
        made.append(reply["guardrailId"])
        return reply

    yield create
    for identifier in made:
        try:
            bedrock.delete_guardrail(guardrailIdentifier=identifier)
        except bedrock.exceptions.ResourceNotFoundException:
            pass


@pytest.fixture(scope="session")
def apply(runtime, draft):
    """Applies a guardrail, given by its policies, to text."""

    def call(content, source="INPUT", scope=None, **policies) -> dict:
        if isinstance(content, str):
            content = [content]
        blocks = [block if isinstance(block, dict) else {"text": {"text": block}} for block in content]
        request = {
            "guardrailIdentifier": draft(**policies),
            "guardrailVersion": "DRAFT",
            "source": source,
            "content": blocks,
        }
        if scope is not None:
            request["outputScope"] = scope
        return runtime.apply_guardrail(**request)

    return call


@pytest.fixture
def refused():
    """Expects a client error and gives its code and message."""
    from botocore.exceptions import ClientError

    def call(operation, **parameters) -> tuple[str, str]:
        with pytest.raises(ClientError) as raised:
            operation(**parameters)
        error = raised.value.response["Error"]
        return error["Code"], error["Message"]

    return call
