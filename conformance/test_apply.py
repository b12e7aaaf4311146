"""ApplyGuardrail through boto3: verdicts, directions, precedence, qualifiers, units, coverage."""

import pytest

import wire_http

TOPIC = {
    "name": "Fiduciary Advice",
    "definition": "Providing personalized advice or recommendations on managing financial assets in a fiduciary "
    "capacity.",
    "type": "DENY",
    "examples": [
        "What stocks should I invest in for my retirement?",
        "Is it a good idea to put my money in a mutual fund?",
        "How should I allocate my 401(k) investments?",
        "What type of trust fund should I set up for my children?",
        "Should I hire a financial advisor to manage my investments?",
    ],
}
TOPICS = {"topicPolicyConfig": {"topicsConfig": [TOPIC]}}
ASKS_ADVICE = "How should I invest for my retirement? I want to be able to generate $5,000 a month"
CLAIM = {"name": "claim_number", "pattern": "CLM-[0-9]{4}-[0-9]{5}-[0-9]", "action": "ANONYMIZE"}
COUNTERS = [
    "topicPolicyUnits",
    "contentPolicyUnits",
    "wordPolicyUnits",
    "sensitiveInformationPolicyUnits",
    "sensitiveInformationPolicyFreeUnits",
    "contextualGroundingPolicyUnits",
]


def words(*texts, **members):
    return {"wordPolicyConfig": {"wordsConfig": [{"text": text, **members} for text in texts]}}


def pii(*types, action="ANONYMIZE", regexes=(), **members):
    policy = {"piiEntitiesConfig": [{"type": type_, "action": action, **members} for type_ in types]}
    if regexes:
        policy["regexesConfig"] = list(regexes)
    return {"sensitiveInformationPolicyConfig": policy}


def regex(name="booking", pattern="B-[0-9]{6}", action="ANONYMIZE", **members):
    return {
        "sensitiveInformationPolicyConfig": {
            "regexesConfig": [{"name": name, "pattern": pattern, "action": action, **members}]
        }
    }


def outputs(reply) -> list[str]:
    return [output["text"] for output in reply["outputs"]]


def usage(reply, **expected) -> None:
    got = {name: reply["usage"][name] for name in COUNTERS}
    assert got == {**dict.fromkeys(COUNTERS, 0), **expected}
    assert reply["assessments"][0]["invocationMetrics"]["usage"] == reply["usage"]


def coverage(reply) -> tuple[int, int]:
    text = reply["guardrailCoverage"]["textCharacters"]
    assert reply["assessments"][0]["invocationMetrics"]["guardrailCoverage"] == reply["guardrailCoverage"]
    return text["guarded"], text["total"]


class TestVerdict:
    @pytest.mark.parametrize(
        "text, action",
        [
            (ASKS_ADVICE, "GUARDRAIL_INTERVENED"),
            ("What is the weather like in Madrid today?", "NONE"),
            ("How do I reset my online banking password?", "NONE"),
        ],
    )
    def test_topic(self, apply, text, action):
        reply = apply(text, **TOPICS)
        assert reply["action"] == action
        assert outputs(reply) == (["BLOCKED_INPUT"] if action != "NONE" else [])

    def test_a_topic_blocks_answers_too(self, apply):
        reply = apply("You should put your 401(k) savings in these three mutual funds.", source="OUTPUT", **TOPICS)
        assert (reply["action"], outputs(reply)) == ("GUARDRAIL_INTERVENED", ["BLOCKED_OUTPUT"])

    @pytest.mark.parametrize("source, message", [("INPUT", "BLOCKED_INPUT"), ("OUTPUT", "BLOCKED_OUTPUT")])
    def test_the_message_is_the_direction_s(self, apply, source, message):
        reply = apply(["is", "bluewhale", "good"], source=source, **words("bluewhale"))
        assert (reply["actionReason"], outputs(reply)) == ("Guardrail blocked.", [message])

    @pytest.mark.parametrize("source", ["INPUT", "OUTPUT"])
    def test_anonymize_masks_both_ways(self, apply, source):
        reply = apply("Write to jane@example.com.", source=source, **pii("EMAIL"))
        assert (reply["actionReason"], outputs(reply)) == ("Guardrail masked.", ["Write to {EMAIL}."])

    def test_everything_is_reported_together(self, apply):
        policies = {**words("bluewhale"), **pii("EMAIL", action="BLOCK"), **TOPICS}
        reply = apply(f"bluewhale jane@example.com {ASKS_ADVICE}", **policies)
        assert {"topicPolicy", "wordPolicy", "sensitiveInformationPolicy"} <= reply["assessments"][0].keys()
        assert len(reply["assessments"]) == 1

    def test_block_of_pii_beats_mask_of_pii(self, apply):
        policy = {
            "sensitiveInformationPolicyConfig": {
                "piiEntitiesConfig": [
                    {"type": "EMAIL", "action": "ANONYMIZE"},
                    {"type": "US_SOCIAL_SECURITY_NUMBER", "action": "BLOCK"},
                ]
            }
        }
        reply = apply("jane@example.com has SSN 536-22-1845", **policy)
        assert outputs(reply) == ["BLOCKED_INPUT"]
        entries = reply["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]
        assert "ANONYMIZED" not in {entry["action"] for entry in entries}
        assert ("US_SOCIAL_SECURITY_NUMBER", "BLOCKED") in {(entry["type"], entry["action"]) for entry in entries}

    def test_the_match_is_the_original_text(self, apply):
        reply = apply("Tell BlueWhale about it", **words("bluewhale"))
        assert reply["assessments"][0]["wordPolicy"]["customWords"][0]["match"] == "BlueWhale"

    def test_entries_always_say_whether_detected(self, apply):
        reply = apply(f"bluewhale jane@example.com CLM-2608-00042-4 {ASKS_ADVICE}", scope="FULL", **{
            **words("bluewhale"),
            **pii("EMAIL", "PHONE", regexes=[CLAIM]),
            **TOPICS,
        })
        assessment = reply["assessments"][0]
        entries = [
            *assessment["topicPolicy"]["topics"],
            *assessment["wordPolicy"]["customWords"],
            *assessment["sensitiveInformationPolicy"]["piiEntities"],
            *assessment["sensitiveInformationPolicy"]["regexes"],
        ]
        assert len(entries) == 5
        assert all(isinstance(entry["detected"], bool) for entry in entries)


class TestDirections:
    def test_a_disabled_direction_is_neither_judged_nor_billed(self, apply):
        policy = words("bluewhale", inputEnabled=False, outputEnabled=True)
        reply = apply("bluewhale", **policy)
        assert (reply["action"], "wordPolicy" in reply["assessments"][0]) == ("NONE", False)
        usage(reply)
        reply = apply("bluewhale", source="OUTPUT", **policy)
        assert reply["action"] == "GUARDRAIL_INTERVENED"
        usage(reply, wordPolicyUnits=1)

    def test_actions_per_direction(self, apply):
        policy = pii("EMAIL", action="ANONYMIZE", inputAction="NONE", outputAction="BLOCK")
        reply = apply("jane@example.com", **policy)
        assert (reply["action"], reply["actionReason"], outputs(reply)) == ("NONE", "No action.", [])
        [entry] = reply["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]
        assert (entry["action"], entry["detected"]) == ("NONE", True)
        assert outputs(apply("jane@example.com", source="OUTPUT", **policy)) == ["BLOCKED_OUTPUT"]

    def test_detect_only_topic(self, apply):
        policy = {"topicPolicyConfig": {"topicsConfig": [{**TOPIC, "inputAction": "NONE"}]}}
        reply = apply(ASKS_ADVICE, **policy)
        assert (reply["action"], outputs(reply)) == ("NONE", [])
        assert reply["assessments"][0]["topicPolicy"]["topics"] == [
            {"name": "Fiduciary Advice", "type": "DENY", "action": "NONE", "detected": True}
        ]


class TestMasking:
    def test_the_regex_s_name_is_the_placeholder(self, apply):
        reply = apply("See B-123456!", **regex(name="Booking ref-1"))
        assert outputs(reply) == ["See {Booking ref-1}!"]

    def test_a_lone_letter_is_untouched_around_wide_characters(self, apply):
        reply = apply("👩‍👩‍👧 naïve: jane@example.com 東京 B-123456 e\u0301nd", **pii(
            "EMAIL", regexes=[{"name": "booking", "pattern": "B-[0-9]{6}", "action": "ANONYMIZE"}]
        ))
        assert outputs(reply) == ["👩‍👩‍👧 naïve: {EMAIL} 東京 {booking} e\u0301nd"]

    def test_every_occurrence_is_masked(self, apply):
        reply = apply("jane@example.com, jane@example.com; john@example.org", **pii("EMAIL"))
        assert outputs(reply) == ["{EMAIL}, {EMAIL}; {EMAIL}"]

    def test_one_output_per_block(self, apply):
        reply = apply(["plain", "jane@example.com", "plain too"], **pii("EMAIL"))
        assert outputs(reply) == ["plain", "{EMAIL}", "plain too"]

    @pytest.mark.parametrize(
        "type_, text, masked",
        [
            ("EMAIL", "Mail jane@example.com now", "Mail {EMAIL} now"),
            ("PHONE", "Call me at +1 415-555-2671 today", "Call me at {PHONE} today"),
            ("CREDIT_DEBIT_CARD_NUMBER", "Card 4111 1111 1111 1111 ok", "Card {CREDIT_DEBIT_CARD_NUMBER} ok"),
            (
                "US_SOCIAL_SECURITY_NUMBER",
                "My SSN is 536-22-1845, thanks",
                "My SSN is {US_SOCIAL_SECURITY_NUMBER}, thanks",
            ),
            (
                "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
                "IBAN DE89 3704 0044 0532 0130 00 please",
                "IBAN {INTERNATIONAL_BANK_ACCOUNT_NUMBER} please",
            ),
            ("IP_ADDRESS", "from 203.0.113.7 again", "from {IP_ADDRESS} again"),
            ("URL", "see https://example.com/a?b=c for it", "see {URL} for it"),
            ("MAC_ADDRESS", "nic 00:1A:2B:3C:4D:5E up", "nic {MAC_ADDRESS} up"),
            ("AWS_ACCESS_KEY", "key AKIAIOSFODNN7EXAMPLE leaked", "key {AWS_ACCESS_KEY} leaked"),
            ("VEHICLE_IDENTIFICATION_NUMBER", "VIN 1M8GDM9AXKP042788 sold", "VIN {VEHICLE_IDENTIFICATION_NUMBER} sold"),
        ],
    )
    def test_pii(self, apply, type_, text, masked):
        assert outputs(apply(text, **pii(type_))) == [masked]

    @pytest.mark.parametrize(
        "type_, text",
        [
            ("CREDIT_DEBIT_CARD_NUMBER", "Order 4111 1111 1111 1112 was sent"),
            ("INTERNATIONAL_BANK_ACCOUNT_NUMBER", "Part DE89 3704 0044 0532 0130 01 is here"),
            ("IP_ADDRESS", "version 999.300.1.7 is out"),
            ("EMAIL", "meet me @ noon"),
        ],
    )
    def test_what_only_looks_like_it(self, apply, type_, text):
        assert apply(text, **pii(type_))["action"] == "NONE"

    @pytest.mark.parametrize(
        "text", ["write to john at gmail dot com", "john [at] gmail [dot] com", "john\u200b@gmail.com"]
    )
    def test_hidden_addresses(self, apply, text):
        reply = apply(text, **pii("EMAIL"))
        assert reply["actionReason"] == "Guardrail masked."
        assert "{EMAIL}" in outputs(reply)[0] and "john" not in outputs(reply)[0]


class TestWords:
    @pytest.mark.parametrize(
        "text, hit",
        [
            ("bluewhale", True),
            ("(BLUEWHALE)", True),
            ("b\u200bluewhale", True),
            ("ｂｌｕｅｗｈａｌｅ", True),
            ("bluewhales", False),
            ("abluewhale", False),
            ("blue whale", False),
        ],
    )
    def test_whole_words(self, apply, text, hit):
        assert (apply(text, **words("bluewhale"))["action"] != "NONE") is hit

    @pytest.mark.parametrize(
        "text, hit", [("the golden   gate\nbridge", True), ("golden gates bridge", False), ("golden bridge", False)]
    )
    def test_phrases(self, apply, text, hit):
        assert (apply(text, **words("golden gate bridge"))["action"] != "NONE") is hit

    @pytest.mark.parametrize("text", ["I live in Scunthorpe", "a class of assassins", "the cockpit of a Dickens ship"])
    def test_no_profanity_inside_words(self, apply, text):
        policy = {"wordPolicyConfig": {"managedWordListsConfig": [{"type": "PROFANITY"}]}}
        assert apply(text, **policy)["action"] == "NONE"


class TestQualifiers:
    CONTEXT = "Parcels leave Lyon on Monday. Depot: depot@example.com"
    ANSWER = "It left on Monday, ask help@example.com."

    @staticmethod
    def block(text, *qualifiers):
        return {"text": {"text": text, "qualifiers": list(qualifiers)}}

    def test_none_means_all(self, apply):
        reply = apply([self.CONTEXT, self.ANSWER], source="OUTPUT", **pii("EMAIL"))
        assert coverage(reply) == (len(self.CONTEXT + self.ANSWER),) * 2

    @pytest.mark.parametrize("source", ["INPUT", "OUTPUT"])
    def test_guard_content_leaves_the_rest_out(self, apply, source):
        reply = apply([self.CONTEXT, self.block(self.ANSWER, "guard_content")], source=source, **pii("EMAIL"))
        assert coverage(reply) == (len(self.ANSWER), len(self.CONTEXT + self.ANSWER))
        matches = [e["match"] for e in reply["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]]
        assert matches == ["help@example.com"]
        assert outputs(reply)[-1] == "It left on Monday, ask {EMAIL}."
        assert "{EMAIL}" not in "".join(outputs(reply)[:-1])

    def test_sources_and_queries_are_not_the_answer(self, apply):
        blocks = [
            self.block(self.CONTEXT, "grounding_source"),
            self.block("Where is it? I am jane@example.com", "query"),
            {"text": {"text": self.ANSWER}},
        ]
        reply = apply(blocks, source="OUTPUT", **pii("EMAIL"))
        total = len(self.CONTEXT) + len("Where is it? I am jane@example.com") + len(self.ANSWER)
        assert coverage(reply) == (len(self.ANSWER), total)
        matches = [e["match"] for e in reply["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]]
        assert matches == ["help@example.com"]

    def test_a_block_may_carry_several(self, apply):
        blocks = [self.block(self.CONTEXT, "grounding_source", "guard_content"), self.ANSWER]
        reply = apply(blocks, source="INPUT", **pii("EMAIL"))
        assert coverage(reply)[0] == len(self.CONTEXT)

    def test_on_input_grounding_qualifiers_change_nothing(self, apply):
        blocks = [self.block(self.CONTEXT, "grounding_source"), self.block("jane@example.com?", "query")]
        reply = apply(blocks, source="INPUT", **pii("EMAIL"))
        assert coverage(reply) == (len(self.CONTEXT) + len("jane@example.com?"),) * 2

    GROUNDING = {"contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": 0.5}]}}

    @pytest.mark.parametrize(
        "noun, kept",
        [
            ("grounding source", ["query", "answer"]),
            ("query", ["grounding_source", "answer"]),
            ("content to guard", ["grounding_source", "query"]),
        ],
    )
    def test_grounding_wants_all_three(self, runtime, draft, refused, noun, kept):
        blocks = [{"text": {"text": "x"}} if name == "answer" else self.block("x", name) for name in kept]
        code, message = refused(
            runtime.apply_guardrail,
            guardrailIdentifier=draft(**self.GROUNDING),
            guardrailVersion="DRAFT",
            source="OUTPUT",
            content=blocks,
        )
        assert code == "ValidationException"
        assert message == (
            f"The provided request does not contain the {noun}. Grounding source, query and content to guard are "
            "required for Guardrails contextual grounding policy evaluation."
        )

    @pytest.mark.parametrize("source", ["INPUT", "OUTPUT"])
    def test_without_qualifiers_grounding_is_skipped(self, apply, source):
        reply = apply("A plain answer.", source=source, **self.GROUNDING)
        assert reply["action"] == "NONE"
        usage(reply)


class TestUnits:
    @pytest.mark.parametrize("length, units", [(1, 1), (999, 1), (1000, 1), (1001, 2), (5600, 6)])
    def test_a_thousand_characters_a_unit(self, apply, length, units):
        reply = apply(("word " * length)[:length], **{**words("bluewhale"), **pii("EMAIL", regexes=[CLAIM])})
        usage(
            reply,
            wordPolicyUnits=units,
            sensitiveInformationPolicyUnits=units,
            sensitiveInformationPolicyFreeUnits=units,
        )
        assert coverage(reply) == (length, length)

    def test_characters_are_code_points(self, apply):
        reply = apply("é" * 500 + "😀" * 500, **words("bluewhale"))
        assert coverage(reply) == (1000, 1000)
        usage(reply, wordPolicyUnits=1)

    def test_blocks_are_summed(self, apply):
        reply = apply(["a" * 600, "b" * 600], **words("bluewhale"))
        usage(reply, wordPolicyUnits=2)

    def test_only_what_is_configured_counts(self, apply):
        usage(apply("text", **TOPICS), topicPolicyUnits=1)
        usage(apply("text", **pii("EMAIL")), sensitiveInformationPolicyUnits=1)
        usage(apply("text", **regex()), sensitiveInformationPolicyFreeUnits=1)

    def test_white_space_is_a_text(self, apply):
        reply = apply("   ", **words("bluewhale"))
        assert reply["action"] == "NONE"
        usage(reply, wordPolicyUnits=1)

    def test_not_evaluated_words_are_covered_only_when_guarded(self, apply):
        block = {"text": {"text": "x" * 10, "qualifiers": ["guard_content"]}}
        reply = apply(["y" * 2000, block], **words("bluewhale"))
        usage(reply, wordPolicyUnits=1)


class TestNotEvaluated:
    """Grounding has no detector in this build: the configured policy blocks and says so."""

    def test_grounding(self, apply):
        blocks = [
            TestQualifiers.block("The parcel left.", "grounding_source"),
            TestQualifiers.block("Did it leave?", "query"),
            "It left.",
        ]
        reply = apply(blocks, source="OUTPUT", **TestQualifiers.GROUNDING)
        assert (reply["action"], outputs(reply)) == ("GUARDRAIL_INTERVENED", ["BLOCKED_OUTPUT"])


class TestExplain:
    def test_only_when_asked(self, server, draft):
        identifier = draft(**pii("EMAIL"))
        path = f"/guardrail/{identifier}/version/DRAFT/apply"
        body = {"source": "INPUT", "content": [{"text": {"text": "à jane@example.com"}}]}
        assert "pretil" not in wire_http.send(server.port, "POST", path, body).json
        explained = wire_http.send(server.port, "POST", path, body, {"x-pretil-explain": "true"}).json
        assert "pretil" in explained


class TestRaw:
    """What raw-JSON clients read and SDKs drop."""

    def test_null_is_never_sent_and_output_always(self, server, draft):
        identifier = draft(**pii("EMAIL"), **words("bluewhale"))
        path = f"/guardrail/{identifier}/version/DRAFT/apply"
        for text in ("plain", "jane@example.com", "bluewhale"):
            body = {"source": "INPUT", "content": [{"text": {"text": text}}]}
            reply = wire_http.send(server.port, "POST", path, body)
            assert b"null" not in reply.body
            assert reply.json["output"] == reply.json["outputs"]
            assert ("blockedResponse" in reply.json) == (text == "bluewhale")

    def test_an_unencoded_arn_in_the_path(self, server, guardrail):
        arn = guardrail(**words("bluewhale"))["guardrailArn"]
        body = {"source": "INPUT", "content": [{"text": {"text": "bluewhale"}}]}
        for version in ("DRAFT",):
            reply = wire_http.send(server.port, "POST", f"/guardrail/{arn}/version/{version}/apply", body)
            assert reply.status == 200 and reply.json["action"] == "GUARDRAIL_INTERVENED"

    def test_members_of_the_future_are_ignored(self, server, draft):
        body = {"source": "INPUT", "content": [{"text": {"text": "x", "new": 1}}], "alsoNew": {"a": [None]}}
        path = f"/guardrail/{draft(**words('bluewhale'))}/version/DRAFT/apply"
        assert wire_http.send(server.port, "POST", path, body).status == 200
