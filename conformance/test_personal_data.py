"""Names, addresses and ages in plain sentences through boto3: found, masked exactly, and nothing beside them."""

import pytest

from test_apply import outputs, pii

TYPES = ["NAME", "ADDRESS", "AGE", "EMAIL", "PHONE"]
MASKED = [
    ("My name is Margaret Okafor and I need help with my bill.", "My name is {NAME} and I need help with my bill."),
    ("Please send the parcel to 18 Brookside Lane, Leeds LS6 2AB.", "Please send the parcel to {ADDRESS}."),
    (
        "Dr. Helena Lindqvist will call Samuel Osei at 212-555-0147 tomorrow.",
        "Dr. {NAME} will call {NAME} at {PHONE} tomorrow.",
    ),
    ("Daniel lives at 402 Walnut Street, Springfield, IL 62704 with Maria.", "{NAME} lives at {ADDRESS} with {NAME}."),
    ("Contact Priya Nair at priya.nair@example.com.", "Contact {NAME} at {EMAIL}."),
    ("Me llamo Carmen Ruiz y vivo en Madrid.", "Me llamo {NAME} y vivo en Madrid."),
]
UNTOUCHED = [
    "The office in Paris is closed in May.",
    "Barclays opened a branch on Oxford Street.",
    "Dear Sir or Madam, the invoice is attached.",
    "Order 4471-99 was shipped on 12 March.",
]


def masking():
    return pii(*TYPES)


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_personal_data_is_masked_exactly(apply, text, masked):
    reply = apply([text], **masking())
    assert reply["action"] == "GUARDRAIL_INTERVENED"
    assert outputs(reply) == [masked]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_only_looks_like_it_is_left(apply, text):
    reply = apply([text], **masking())
    assert reply["action"] == "NONE"


def test_a_name_blocks_where_it_is_configured_to(apply):
    reply = apply(["Ask Margaret Okafor."], **pii("NAME", action="BLOCK"))
    entities = reply["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]
    assert [(it["type"], it["match"], it["action"]) for it in entities] == [
        ("NAME", "Margaret Okafor", "BLOCKED")
    ]
