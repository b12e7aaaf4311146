"""The control plane through boto3: lifecycle, tokens, pages, ARNs, tags, enforced configuration, drift."""

import datetime
import re
import uuid

import pytest
from botocore.exceptions import ClientError

from conftest import client, create_request
from pretil import Pretil

WORDS = {"wordPolicyConfig": {"wordsConfig": [{"text": "bluewhale"}]}}
EMAIL = {"sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]}}


def without_metadata(reply: dict) -> dict:
    return {name: value for name, value in reply.items() if name != "ResponseMetadata"}


def update_request(request: dict, **changes) -> dict:
    return {**{name: value for name, value in request.items() if name != "tags"}, **changes}


class TestLifecycle:
    def test_create_gives_a_ready_draft(self, bedrock, guardrail):
        made = guardrail(**WORDS, description="first")
        assert re.fullmatch(r"[a-z0-9]{12}", made["guardrailId"])
        assert re.fullmatch(
            rf"arn:aws:bedrock:us-east-1:[0-9]{{12}}:guardrail/{made['guardrailId']}", made["guardrailArn"]
        )
        assert made["version"] == "DRAFT"
        age = datetime.datetime.now(datetime.timezone.utc) - made["createdAt"]
        assert abs(age.total_seconds()) < 60
        for _ in range(2):
            got = bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"])
            assert (got["status"], got["version"], got["description"]) == ("READY", "DRAFT", "first")
            assert got["createdAt"] == got["updatedAt"] == made["createdAt"]
            assert got["wordPolicy"] == {"words": [{"text": "bluewhale"}]} or got["wordPolicy"] == {
                "words": [{"text": "bluewhale"}],
                "managedWordLists": [],
            }

    def test_request_ids_differ(self, bedrock, guardrail):
        made = guardrail(**WORDS)
        ids = {
            bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"])["ResponseMetadata"]["RequestId"]
            for _ in range(3)
        }
        assert len(ids) == 3

    def test_update_replaces_the_draft(self, bedrock, guardrail):
        made = guardrail(**WORDS, **EMAIL, description="first")
        request = create_request(**EMAIL)
        updated = bedrock.update_guardrail(guardrailIdentifier=made["guardrailId"], **request)
        assert (updated["guardrailId"], updated["version"]) == (made["guardrailId"], "DRAFT")
        got = bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"])
        assert got["name"] == request["name"]
        assert "wordPolicy" not in got
        assert "description" not in got
        assert got["updatedAt"] == updated["updatedAt"] >= got["createdAt"] == made["createdAt"]

    def test_versions_are_numbered_and_immutable(self, bedrock, runtime, guardrail):
        made = guardrail(**WORDS, description="of the draft")
        identifier = made["guardrailId"]
        first = bedrock.create_guardrail_version(guardrailIdentifier=identifier, description="of the version")
        assert without_metadata(first) == {"guardrailId": identifier, "version": "1"}
        bedrock.update_guardrail(guardrailIdentifier=identifier, **create_request(**EMAIL))
        assert bedrock.create_guardrail_version(guardrailIdentifier=identifier)["version"] == "2"

        one = bedrock.get_guardrail(guardrailIdentifier=identifier, guardrailVersion="1")
        assert (one["version"], one["description"], one["status"]) == ("1", "of the version", "READY")
        assert one["wordPolicy"]["words"] == [{"text": "bluewhale"}]
        two = bedrock.get_guardrail(guardrailIdentifier=identifier, guardrailVersion="2")
        assert "description" not in two and "wordPolicy" not in two

        def action(version):
            return runtime.apply_guardrail(
                guardrailIdentifier=identifier,
                guardrailVersion=version,
                source="INPUT",
                content=[{"text": {"text": "bluewhale"}}],
            )

        assert action("1")["action"] == "GUARDRAIL_INTERVENED"
        assert action("1")["assessments"][0]["appliedGuardrailDetails"]["guardrailVersion"] == "1"
        assert action("2")["action"] == "NONE"

    def test_a_new_draft_is_in_force_at_once(self, bedrock, runtime, guardrail):
        made = guardrail(**WORDS)
        identifier = made["guardrailId"]

        def action(word):
            reply = runtime.apply_guardrail(
                guardrailIdentifier=identifier,
                guardrailVersion="DRAFT",
                source="INPUT",
                content=[{"text": {"text": word}}],
            )
            return reply["action"]

        for round_ in range(20):
            word = f"word{round_}"
            policy = {"wordPolicyConfig": {"wordsConfig": [{"text": word}]}}
            bedrock.update_guardrail(guardrailIdentifier=identifier, **create_request(**policy))
            assert action(word) == "GUARDRAIL_INTERVENED", round_
            assert action(f"word{round_ - 1}") == "NONE", round_

    def test_delete_of_a_version_leaves_the_rest(self, bedrock, guardrail, refused):
        identifier = guardrail(**WORDS)["guardrailId"]
        for _ in range(3):
            bedrock.create_guardrail_version(guardrailIdentifier=identifier)
        bedrock.delete_guardrail(guardrailIdentifier=identifier, guardrailVersion="3")
        code, _ = refused(bedrock.get_guardrail, guardrailIdentifier=identifier, guardrailVersion="3")
        assert code == "ResourceNotFoundException"
        versions = [
            item["version"] for item in bedrock.list_guardrails(guardrailIdentifier=identifier)["guardrails"]
        ]
        assert sorted(versions) == ["1", "2", "DRAFT"]
        again = bedrock.create_guardrail_version(guardrailIdentifier=identifier)
        assert again["version"] == "4", "version numbers are not used again"

    def test_delete_takes_everything(self, bedrock, runtime, guardrail, refused):
        identifier = guardrail(**WORDS)["guardrailId"]
        bedrock.create_guardrail_version(guardrailIdentifier=identifier)
        assert without_metadata(bedrock.delete_guardrail(guardrailIdentifier=identifier)) == {}
        for version in ({}, {"guardrailVersion": "1"}, {"guardrailVersion": "DRAFT"}):
            code, _ = refused(bedrock.get_guardrail, guardrailIdentifier=identifier, **version)
            assert code == "ResourceNotFoundException"
        code, _ = refused(bedrock.delete_guardrail, guardrailIdentifier=identifier)
        assert code == "ResourceNotFoundException"
        for version in ("DRAFT", "1"):
            code, message = refused(
                runtime.apply_guardrail,
                guardrailIdentifier=identifier,
                guardrailVersion=version,
                source="INPUT",
                content=[{"text": {"text": "bluewhale"}}],
            )
            assert (code, message) == (
                "ValidationException",
                "The guardrail identifier or version provided in the request does not exist.",
            )

    def test_a_name_is_used_once(self, bedrock, guardrail, refused):
        request = create_request(**WORDS)
        identifier = guardrail(**request)["guardrailId"]
        code, _ = refused(bedrock.create_guardrail, **request)
        assert code == "ConflictException"
        other = guardrail(**WORDS)["guardrailId"]
        code, _ = refused(bedrock.update_guardrail, guardrailIdentifier=other, **request)
        assert code == "ConflictException"
        bedrock.update_guardrail(guardrailIdentifier=identifier, **request)
        bedrock.delete_guardrail(guardrailIdentifier=identifier)
        guardrail(**request)

    def test_no_policy_is_refused(self, bedrock, refused):
        code, _ = refused(bedrock.create_guardrail, **create_request())
        assert code == "ValidationException"

    def test_versions_have_a_quota(self, bedrock, guardrail, refused):
        identifier = guardrail(**WORDS)["guardrailId"]
        for number in range(1, 21):
            assert bedrock.create_guardrail_version(guardrailIdentifier=identifier)["version"] == str(number)
        code, _ = refused(bedrock.create_guardrail_version, guardrailIdentifier=identifier)
        assert code == "ServiceQuotaExceededException"


class TestArns:
    def test_every_operation_takes_an_arn(self, bedrock, runtime, guardrail):
        made = guardrail(**WORDS)
        arn = made["guardrailArn"]
        assert bedrock.get_guardrail(guardrailIdentifier=arn)["guardrailId"] == made["guardrailId"]
        assert bedrock.create_guardrail_version(guardrailIdentifier=arn)["version"] == "1"
        assert len(bedrock.list_guardrails(guardrailIdentifier=arn)["guardrails"]) == 2
        bedrock.update_guardrail(guardrailIdentifier=arn, **create_request(**WORDS))
        reply = runtime.apply_guardrail(
            guardrailIdentifier=arn,
            guardrailVersion="1",
            source="INPUT",
            content=[{"text": {"text": "a bluewhale"}}],
        )
        assert reply["action"] == "GUARDRAIL_INTERVENED"
        bedrock.delete_guardrail(guardrailIdentifier=arn, guardrailVersion="1")
        bedrock.delete_guardrail(guardrailIdentifier=arn)

    @pytest.mark.parametrize("part, other", [("us-east-1", "eu-west-1"), (":guardrail/", ":guardrail/x")])
    def test_an_arn_of_another_place_is_unknown(self, bedrock, guardrail, refused, part, other):
        arn = guardrail(**WORDS)["guardrailArn"].replace(part, other)
        code, _ = refused(bedrock.get_guardrail, guardrailIdentifier=arn)
        assert code in {"ResourceNotFoundException", "AccessDeniedException"}


class TestTokens:
    def test_the_same_token_gives_the_first_reply(self, bedrock, guardrail):
        token = str(uuid.uuid4())
        request = create_request(**WORDS, clientRequestToken=token)
        first = guardrail(**request)
        assert without_metadata(bedrock.create_guardrail(**request)) == without_metadata(first)
        names = [item["name"] for page in pages(bedrock) for item in page]
        assert names.count(request["name"]) == 1

    def test_the_same_token_with_another_body_conflicts(self, bedrock, guardrail, refused):
        token = str(uuid.uuid4())
        guardrail(**WORDS, clientRequestToken=token)
        code, _ = refused(bedrock.create_guardrail, **create_request(**EMAIL, clientRequestToken=token))
        assert code == "ConflictException"

    def test_the_same_token_makes_one_version(self, bedrock, guardrail):
        identifier = guardrail(**WORDS)["guardrailId"]
        token = str(uuid.uuid4())
        for _ in range(3):
            made = bedrock.create_guardrail_version(guardrailIdentifier=identifier, clientRequestToken=token)
            assert made["version"] == "1"
        assert bedrock.create_guardrail_version(guardrailIdentifier=identifier)["version"] == "2"


def pages(bedrock, **parameters):
    """Every page of ListGuardrails, by hand: the tokens are looked at."""
    seen = set()
    while True:
        page = bedrock.list_guardrails(**parameters)
        yield page["guardrails"]
        if "nextToken" not in page:
            return
        assert page["nextToken"] not in seen, "a page token came twice"
        seen.add(page["nextToken"])
        parameters["nextToken"] = page["nextToken"]


class TestList:
    def test_drafts_of_all_guardrails(self, bedrock, guardrail):
        made = guardrail(**WORDS, description="listed")
        bedrock.create_guardrail_version(guardrailIdentifier=made["guardrailId"])
        items = [item for page in pages(bedrock) for item in page]
        assert {item["version"] for item in items} == {"DRAFT"}
        mine = [item for item in items if item["id"] == made["guardrailId"]]
        assert len(mine) == 1
        assert (mine[0]["arn"], mine[0]["status"], mine[0]["description"]) == (
            made["guardrailArn"],
            "READY",
            "listed",
        )

    def test_pages_neither_lose_nor_double(self, bedrock, guardrail):
        made = {guardrail(**WORDS)["guardrailId"] for _ in range(7)}
        for size in (1, 2, 3, 1000):
            got = list(pages(bedrock, maxResults=size))
            assert all(len(page) <= size for page in got)
            assert all(len(page) > 0 for page in got[:-1])
            ids = [item["id"] for page in got for item in page]
            assert len(ids) == len(set(ids))
            assert made <= set(ids)

    def test_the_paginator_of_the_sdk(self, bedrock, guardrail):
        made = {guardrail(**WORDS)["guardrailId"] for _ in range(5)}
        paginator = bedrock.get_paginator("list_guardrails").paginate(PaginationConfig={"PageSize": 2})
        assert made <= {item["id"] for page in paginator for item in page["guardrails"]}

    def test_versions_in_pages(self, bedrock, guardrail):
        identifier = guardrail(**WORDS)["guardrailId"]
        for _ in range(5):
            bedrock.create_guardrail_version(guardrailIdentifier=identifier)
        got = [item["version"] for page in pages(bedrock, guardrailIdentifier=identifier, maxResults=2) for item in page]
        assert sorted(got) == ["1", "2", "3", "4", "5", "DRAFT"]

    def test_a_strange_token_is_refused(self, bedrock, refused):
        code, _ = refused(bedrock.list_guardrails, nextToken="nonsense")
        assert code == "ValidationException"

    def test_an_unknown_guardrail(self, bedrock, refused):
        code, _ = refused(bedrock.list_guardrails, guardrailIdentifier="zzzzzzzzzzzz")
        assert code == "ResourceNotFoundException"


class TestTags:
    def test_tag_list_untag(self, bedrock, guardrail):
        arn = guardrail(**WORDS, tags=[{"key": "team", "value": "a"}, {"key": "empty", "value": ""}])["guardrailArn"]

        def tags():
            return {tag["key"]: tag["value"] for tag in bedrock.list_tags_for_resource(resourceARN=arn)["tags"]}

        assert tags() == {"team": "a", "empty": ""}
        bedrock.tag_resource(resourceARN=arn, tags=[{"key": "team", "value": "b"}, {"key": "new", "value": "n"}])
        assert tags() == {"team": "b", "empty": "", "new": "n"}
        bedrock.untag_resource(resourceARN=arn, tagKeys=["empty", "never-there"])
        assert tags() == {"team": "b", "new": "n"}

    def test_an_update_keeps_tags_and_get_has_none(self, bedrock, guardrail):
        made = guardrail(**WORDS, tags=[{"key": "team", "value": "a"}])
        bedrock.update_guardrail(guardrailIdentifier=made["guardrailId"], **create_request(**WORDS))
        assert bedrock.list_tags_for_resource(resourceARN=made["guardrailArn"])["tags"] == [
            {"key": "team", "value": "a"}
        ]
        assert "tags" not in bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"])

    def test_fifty_tags_and_no_more(self, bedrock, guardrail):
        arn = guardrail(**WORDS, tags=[{"key": f"k{n}", "value": "v"} for n in range(50)])["guardrailArn"]
        with pytest.raises(bedrock.exceptions.TooManyTagsException) as raised:
            bedrock.tag_resource(resourceARN=arn, tags=[{"key": "one-more", "value": "v"}])
        assert raised.value.response["resourceName"] == arn
        bedrock.tag_resource(resourceARN=arn, tags=[{"key": "k0", "value": "changed"}])
        assert len(bedrock.list_tags_for_resource(resourceARN=arn)["tags"]) == 50

    def test_unknown_resources(self, bedrock, guardrail, refused):
        arn = guardrail(**WORDS)["guardrailArn"]
        unknown = arn[:-12] + "zzzzzzzzzzzz"
        for call, parameters in (
            (bedrock.list_tags_for_resource, {}),
            (bedrock.tag_resource, {"tags": [{"key": "k", "value": "v"}]}),
            (bedrock.untag_resource, {"tagKeys": ["k"]}),
        ):
            code, _ = refused(call, resourceARN=unknown, **parameters)
            assert code == "ResourceNotFoundException"


class TestEnforced:
    def test_put_list_delete(self, bedrock, guardrail, refused):
        made = guardrail(**WORDS)
        identifier = made["guardrailId"]
        bedrock.create_guardrail_version(guardrailIdentifier=identifier)
        assert bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"] == []
        put = bedrock.put_enforced_guardrail_configuration(
            guardrailInferenceConfig={
                "guardrailIdentifier": identifier,
                "guardrailVersion": "1",
                "selectiveContentGuarding": {"system": "SELECTIVE", "messages": "COMPREHENSIVE"},
                "modelEnforcement": {"includedModels": ["ALL"], "excludedModels": ["anthropic.claude-v2"]},
            }
        )
        try:
            [config] = bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"]
            assert config["configId"] == put["configId"]
            assert (config["guardrailId"], config["guardrailArn"], config["guardrailVersion"]) == (
                identifier,
                made["guardrailArn"],
                "1",
            )
            assert config["owner"] == "ACCOUNT"
            assert config["selectiveContentGuarding"] == {"system": "SELECTIVE", "messages": "COMPREHENSIVE"}
            assert config["modelEnforcement"] == {
                "includedModels": ["ALL"],
                "excludedModels": ["anthropic.claude-v2"],
            }
            code, _ = refused(bedrock.delete_guardrail, guardrailIdentifier=identifier)
            assert code == "ResourceInUseException"
            code, _ = refused(bedrock.delete_guardrail, guardrailIdentifier=identifier, guardrailVersion="1")
            assert code == "ResourceInUseException"

            bedrock.create_guardrail_version(guardrailIdentifier=identifier)
            again = bedrock.put_enforced_guardrail_configuration(
                configId=put["configId"],
                guardrailInferenceConfig={"guardrailIdentifier": made["guardrailArn"], "guardrailVersion": "2"},
            )
            assert again["configId"] == put["configId"]
            [config] = bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"]
            assert config["guardrailVersion"] == "2"
        finally:
            bedrock.delete_enforced_guardrail_configuration(configId=put["configId"])
        assert bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"] == []
        bedrock.delete_guardrail(guardrailIdentifier=identifier)

    def test_unknown_things(self, bedrock, guardrail, refused):
        identifier = guardrail(**WORDS)["guardrailId"]
        code, _ = refused(
            bedrock.put_enforced_guardrail_configuration,
            guardrailInferenceConfig={"guardrailIdentifier": identifier, "guardrailVersion": "7"},
        )
        assert code == "ResourceNotFoundException"
        code, _ = refused(bedrock.delete_enforced_guardrail_configuration, configId="zzzzzzzzzzzz")
        assert code == "ResourceNotFoundException"


# One configuration with every member that a caller may leave out, left out.
MINIMAL = {
    "topicPolicyConfig": {"topicsConfig": [{"name": "Pets", "definition": "Talk about pets.", "type": "DENY"}]},
    "contentPolicyConfig": {"filtersConfig": [{"type": "HATE", "inputStrength": "HIGH", "outputStrength": "LOW"}]},
    "wordPolicyConfig": {"wordsConfig": [{"text": "zeta"}, {"text": "alpha"}]},
    "sensitiveInformationPolicyConfig": {
        "piiEntitiesConfig": [{"type": "PHONE", "action": "BLOCK"}, {"type": "EMAIL", "action": "ANONYMIZE"}]
    },
    "contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": 0.4}]},
}

# And one with every member.
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:guardrail-profile/us.guardrail.v1:0"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
BOTH = {"inputAction": "BLOCK", "outputAction": "NONE", "inputEnabled": True, "outputEnabled": False}
MAXIMAL = {
    "description": "every member",
    "topicPolicyConfig": {
        "topicsConfig": [
            {"name": "Pets", "definition": "Talk about pets.", "type": "DENY", "examples": ["My dog?"], **BOTH},
            {"name": "Cars", "definition": "Talk about cars.", "type": "DENY", "examples": ["My car?"], **BOTH},
        ],
        "tierConfig": {"tierName": "STANDARD"},
    },
    "contentPolicyConfig": {
        "filtersConfig": [
            {
                "type": "SEXUAL",
                "inputStrength": "HIGH",
                "outputStrength": "MEDIUM",
                "inputModalities": ["TEXT"],
                "outputModalities": ["TEXT"],
                **BOTH,
            },
            {"type": "PROMPT_ATTACK", "inputStrength": "LOW", "outputStrength": "NONE"},
        ],
        "tierConfig": {"tierName": "STANDARD"},
    },
    "wordPolicyConfig": {
        "wordsConfig": [{"text": "two words", **BOTH}],
        "managedWordListsConfig": [{"type": "PROFANITY", **BOTH}],
    },
    "sensitiveInformationPolicyConfig": {
        "piiEntitiesConfig": [{"type": "EMAIL", "action": "BLOCK", **BOTH, "outputAction": "ANONYMIZE"}],
        "regexesConfig": [
            {"name": "ticket", "description": "a ticket", "pattern": "T-[0-9]+", "action": "ANONYMIZE", **BOTH},
            {"name": "booking", "pattern": "B-[0-9]+", "action": "NONE"},
        ],
    },
    "contextualGroundingPolicyConfig": {
        "filtersConfig": [
            {"type": "RELEVANCE", "threshold": 0.75, "action": "NONE", "enabled": True},
            {"type": "GROUNDING", "threshold": 0.1, "action": "BLOCK", "enabled": False},
        ]
    },
    "crossRegionConfig": {"guardrailProfileIdentifier": PROFILE},
    "kmsKeyId": KEY,
}


class TestTerraform:
    """What a Terraform provider compares after apply: what was sent comes back, and nothing else."""

    def test_what_was_not_sent_is_not_echoed(self, bedrock, guardrail):
        got = bedrock.get_guardrail(guardrailIdentifier=guardrail(**MINIMAL)["guardrailId"])
        classic = {"tierName": "CLASSIC"}
        assert got["topicPolicy"] == {
            "topics": [{"name": "Pets", "definition": "Talk about pets.", "type": "DENY"}],
            "tier": classic,
        }
        assert got["contentPolicy"] == {
            "filters": [{"type": "HATE", "inputStrength": "HIGH", "outputStrength": "LOW"}],
            "tier": classic,
        }
        assert got["wordPolicy"]["words"] == [{"text": "zeta"}, {"text": "alpha"}]
        assert got["wordPolicy"].get("managedWordLists", []) == []
        assert [entity["type"] for entity in got["sensitiveInformationPolicy"]["piiEntities"]] == ["PHONE", "EMAIL"]
        assert got["sensitiveInformationPolicy"]["regexes"] == []
        assert got["contextualGroundingPolicy"]["filters"] == [{"type": "GROUNDING", "threshold": 0.4}]
        for absent in ("description", "kmsKeyArn", "crossRegionDetails"):
            assert absent not in got
        for empty in ("statusReasons", "failureRecommendations"):
            assert got.get(empty, []) == []

    def test_what_was_sent_comes_back(self, bedrock, guardrail):
        got = bedrock.get_guardrail(guardrailIdentifier=guardrail(**MAXIMAL)["guardrailId"])
        standard = {"tierName": "STANDARD"}
        assert got["topicPolicy"] == {
            "topics": MAXIMAL["topicPolicyConfig"]["topicsConfig"],
            "tier": standard,
        }
        assert got["contentPolicy"] == {
            "filters": MAXIMAL["contentPolicyConfig"]["filtersConfig"],
            "tier": standard,
        }
        assert got["wordPolicy"] == {
            "words": MAXIMAL["wordPolicyConfig"]["wordsConfig"],
            "managedWordLists": MAXIMAL["wordPolicyConfig"]["managedWordListsConfig"],
        }
        sensitive = MAXIMAL["sensitiveInformationPolicyConfig"]
        assert got["sensitiveInformationPolicy"] == {
            "piiEntities": sensitive["piiEntitiesConfig"],
            "regexes": sensitive["regexesConfig"],
        }
        grounding = got["contextualGroundingPolicy"]
        assert grounding["filters"] == MAXIMAL["contextualGroundingPolicyConfig"]["filtersConfig"]
        assert got["crossRegionDetails"] == {
            "guardrailProfileId": "us.guardrail.v1:0",
            "guardrailProfileArn": PROFILE,
        }
        assert got["kmsKeyArn"] == KEY
        assert got["description"] == "every member"

    def test_a_regex_alone_gives_an_empty_list_of_entities(self, bedrock, guardrail):
        regex = {"name": "ticket", "pattern": "T-[0-9]+", "action": "BLOCK"}
        made = guardrail(sensitiveInformationPolicyConfig={"regexesConfig": [regex]})
        got = bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"])
        assert got["sensitiveInformationPolicy"] == {"piiEntities": [], "regexes": [regex]}

    def test_the_provider_s_round(self, bedrock, guardrail, refused):
        """Create, read twice, update in place, read, version by ARN, destroy: as the acceptance tests do."""
        request = create_request(**WORDS)
        made = guardrail(**request)
        reads = [bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"], guardrailVersion="DRAFT") for _ in "12"]
        assert without_metadata(reads[0]) == without_metadata(reads[1])
        bedrock.update_guardrail(guardrailIdentifier=made["guardrailArn"], **update_request(request, **MAXIMAL))
        version = bedrock.create_guardrail_version(guardrailIdentifier=made["guardrailArn"], description="v")
        arn, number = made["guardrailArn"], version["version"]
        assert bedrock.get_guardrail(guardrailIdentifier=arn, guardrailVersion=number)["status"] == "READY"
        bedrock.delete_guardrail(guardrailIdentifier=arn, guardrailVersion=number)
        code, _ = refused(bedrock.get_guardrail, guardrailIdentifier=arn, guardrailVersion=number)
        assert code == "ResourceNotFoundException"
        bedrock.delete_guardrail(guardrailIdentifier=made["guardrailId"])


def test_guardrails_have_a_quota():
    """A hundred guardrails, and the next is refused; on a server of its own."""
    with Pretil() as server:
        bedrock = client("bedrock", server.endpoint)
        ids = [bedrock.create_guardrail(**create_request(**WORDS))["guardrailId"] for _ in range(100)]
        assert len(set(ids)) == 100
        with pytest.raises(ClientError) as raised:
            bedrock.create_guardrail(**create_request(**WORDS))
        assert raised.value.response["Error"]["Code"] == "ServiceQuotaExceededException"
        bedrock.delete_guardrail(guardrailIdentifier=ids[0])
        bedrock.create_guardrail(**create_request(**WORDS))


def test_a_restart_keeps_everything(tmp_path):
    data_dir = str(tmp_path / "data")
    request = create_request(**MAXIMAL, tags=[{"key": "team", "value": "a"}], clientRequestToken="the-token")
    with Pretil(data_dir=data_dir) as server:
        bedrock = client("bedrock", server.endpoint)
        made = bedrock.create_guardrail(**request)
        identifier = made["guardrailId"]
        bedrock.create_guardrail_version(guardrailIdentifier=identifier)
        before = without_metadata(bedrock.get_guardrail(guardrailIdentifier=identifier))
    with Pretil(data_dir=data_dir) as server:
        bedrock = client("bedrock", server.endpoint)
        assert without_metadata(bedrock.get_guardrail(guardrailIdentifier=identifier)) == before
        assert bedrock.list_tags_for_resource(resourceARN=made["guardrailArn"])["tags"] == request["tags"]
        assert without_metadata(bedrock.create_guardrail(**request)) == without_metadata(made)
        assert bedrock.create_guardrail_version(guardrailIdentifier=identifier)["version"] == "2"


def test_a_second_process_on_the_same_directory_is_refused(tmp_path):
    data_dir = str(tmp_path / "data")
    with Pretil(data_dir=data_dir):
        with pytest.raises(RuntimeError) as raised:
            Pretil(data_dir=data_dir)
    assert "did not become ready" in str(raised.value)
    assert len(str(raised.value).splitlines()) > 1, "it says why"
