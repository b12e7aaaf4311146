"""The commands of the binary, as the README shows them and as scripts use them."""

import json
import re
import signal
import subprocess
import threading
import time

import pytest

import conftest
import pretil
import wire_http

ADVICE = (
    "I apologize, but I am not able to provide personalized advice or recommendations on managing financial assets "
    "in a fiduciary capacity."
)
GUARDRAIL = """\
name: support
blockedInputMessaging: Not that.
blockedOutputsMessaging: Not this.
wordPolicyConfig:
  wordsConfig:
    - text: bluewhale
sensitiveInformationPolicyConfig:
  piiEntitiesConfig:
    - type: EMAIL
      action: ANONYMIZE
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "support.yaml"
    path.write_text(GUARDRAIL)
    return str(path)


class TestDemo:
    @pytest.fixture(scope="class")
    def shown(self):
        done = pretil.run("demo", "--exit", "--listen", "127.0.0.1:0")
        assert done.returncode == 0, done.stderr
        # It marks what matched inside the prompts.
        return done.stdout.replace("»", "").replace("«", "")

    def test_the_fiduciary_guardrail(self, shown):
        assert "fiduciary-advice" in shown
        blocked = shown.index("How should I invest for my retirement? I want to be able to generate $5,000 a month")
        madrid = shown.index("What is the weather like in Madrid today?")
        password = shown.index("How do I reset my online banking password?")
        assert re.search(r"\bGUARDRAIL_INTERVENED\b", shown[blocked:madrid])
        flat = re.sub(r"\s+", " ", shown)
        assert ADVICE in flat
        assert re.search(r"\bNONE\b", shown[madrid:password])
        assert re.search(r"\bNONE\b", shown[password:])

    def test_the_support_guardrail(self, shown):
        rest = shown[shown.index("customer-support") :]
        for placeholder in ("{EMAIL}", "{PHONE}", "{CREDIT_DEBIT_CARD_NUMBER}", "{US_SOCIAL_SECURITY_NUMBER}"):
            assert placeholder in rest
        assert "{INTERNATIONAL_BANK_ACCOUNT_NUMBER}" in rest
        assert "Guardrail masked." in rest and "Guardrail blocked." in rest

    def test_the_content_filters(self, shown):
        rest = shown[shown.index("content-filters") :]
        harmless = rest[rest.index("How do I kill a Python process") : rest.index("Tell me how to stab")]
        assert re.search(r"\bNONE\b", harmless)
        for filter_ in ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT", "PROMPT_ATTACK"):
            assert re.search(rf"content filter {filter_}, confidence (MEDIUM|HIGH).* blocked", rest), filter_
        assert "carried by" in rest
        assert "not evaluated: content policy (unsupported language)" in rest

    def test_times_are_printed(self, shown):
        assert len(re.findall(r"\d ?(ms|µs|us)\b", shown)) >= 4

    def test_without_exit_it_serves_on_and_says_how_to_call(self, tmp_path):
        process = subprocess.Popen(
            [str(pretil.binary()), "demo", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
        )
        said = ""
        # A demo that hangs is ended; the loop then ends with its output.
        alarm = threading.Timer(90, process.kill)
        alarm.start()
        try:
            for line in process.stdout:
                said += line
                if "boto3" in said and "aws bedrock-runtime" in said:
                    break
            assert "boto3" in said and "aws bedrock-runtime" in said, said
            port = int(re.search(r"127\.0\.0\.1:(\d+)", said).group(1))
            names = {g["name"] for g in wire_http.send(port, "GET", "/guardrails").json["guardrails"]}
            assert names == {"fiduciary-advice", "customer-support", "content-filters"}
            [fiduciary] = [
                g for g in wire_http.send(port, "GET", "/guardrails").json["guardrails"] if g["name"] == "fiduciary-advice"
            ]
            versions = wire_http.send(port, "GET", f"/guardrails?guardrailIdentifier={fiduciary['id']}").json
            assert {g["version"] for g in versions["guardrails"]} == {"DRAFT", "1"}
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=40) == 0
        finally:
            alarm.cancel()
            process.kill()
            process.wait()


class TestApply:
    def test_exit_status(self, file):
        assert pretil.run("apply", "--guardrail", file, "--source", "INPUT", "--text", "hello").returncode == 0
        masked = pretil.run("apply", "--guardrail", file, "--source", "INPUT", "--text", "I am jane@example.com")
        assert masked.returncode == 3 and "{EMAIL}" in masked.stdout
        blocked = pretil.run("apply", "--guardrail", file, "--source", "OUTPUT", "--text", "bluewhale")
        assert blocked.returncode == 3 and "Not this." in blocked.stdout

    def test_errors(self, file, tmp_path):
        missing = pretil.run("apply", "--guardrail", str(tmp_path / "none.yaml"), "--source", "INPUT", "--text", "x")
        assert missing.returncode == 1 and missing.stderr
        bad = tmp_path / "bad.yaml"
        bad.write_text(GUARDRAIL.replace("action: ANONYMIZE", "action: HIDE"))
        wrong = pretil.run("apply", "--guardrail", str(bad), "--source", "INPUT", "--text", "x")
        assert wrong.returncode == 1 and "action" in wrong.stderr

    def test_json_is_the_api_s_reply(self, file, bedrock):
        import boto3

        import service_model

        done = pretil.run("apply", "--guardrail", file, "--source", "INPUT", "--json", "-", stdin="à jane@example.com")
        assert done.returncode == 3
        reply = json.loads(done.stdout)
        assert reply["outputs"] == [{"text": "à {EMAIL}"}]
        assert "pretil" in reply
        model = boto3.client("bedrock-runtime").meta.service_model
        found = service_model.faults(model.operation_model("ApplyGuardrail").output_shape, reply)
        # A guardrail from a file has neither id nor ARN; the rest is the model's.
        assert [fault for fault in found if "appliedGuardrailDetails" not in fault] == []

    def test_from_a_file(self, file, tmp_path):
        text = tmp_path / "prompt.txt"
        text.write_text("bluewhale?")
        assert pretil.run("apply", "--guardrail", file, "--source", "INPUT", str(text)).returncode == 3

    def test_same_verdict_as_the_server(self, file, bedrock, runtime, guardrail):
        import yaml

        config = yaml.safe_load(GUARDRAIL)
        made = guardrail(**{**config, "name": conftest.create_request()["name"]})
        for text in ("hello", "jane@example.com", "a bluewhale and jane@example.com"):
            done = pretil.run("apply", "--guardrail", file, "--source", "INPUT", "--json", "--text", text)
            here = json.loads(done.stdout)
            there = runtime.apply_guardrail(
                guardrailIdentifier=made["guardrailId"],
                guardrailVersion="DRAFT",
                source="INPUT",
                content=[{"text": {"text": text}}],
            )
            for member in ("action", "actionReason", "outputs", "usage", "guardrailCoverage"):
                assert here[member] == there[member]


class TestGuardrail:
    @pytest.fixture
    def call(self, server):
        def run(*arguments, status=0, stdin=None):
            done = pretil.run("guardrail", "--endpoint", server.endpoint, *arguments, stdin=stdin)
            assert done.returncode == status, done.stderr
            return done.stdout if status == 0 else done.stderr

        return run

    def test_round(self, call, file, tmp_path, bedrock):
        made = json.loads(call("create", file))
        identifier = made["guardrailId"]
        assert json.loads(call("get", identifier))["name"] == "support"
        assert json.loads(call("version", identifier, "--description", "one"))["version"] == "1"
        assert identifier in call("list")
        listed = json.loads(call("list", identifier, "--json"))
        assert {g["version"] for g in listed["guardrails"]} == {"DRAFT", "1"}

        exported = call("export", identifier)
        copy = tmp_path / "copy.yaml"
        copy.write_text(exported.replace("bluewhale", "greenwhale"))
        assert pretil.run("apply", "-g", str(copy), "--source", "INPUT", "--text", "greenwhale").returncode == 3
        call("import", str(copy))
        got = bedrock.get_guardrail(guardrailIdentifier=identifier)
        assert got["wordPolicy"]["words"] == [{"text": "greenwhale"}]
        json.loads(call("update", identifier, file))
        got = bedrock.get_guardrail(guardrailIdentifier=identifier)
        assert got["wordPolicy"]["words"] == [{"text": "bluewhale"}]
        call("delete", identifier, "--version", "1")
        call("delete", identifier)
        assert "does not exist" in call("get", identifier, status=1)
        with pytest.raises(bedrock.exceptions.ResourceNotFoundException):
            bedrock.get_guardrail(guardrailIdentifier=identifier)

    def test_export_and_import_keep_every_member(self, call, bedrock, guardrail, tmp_path):
        from test_control_plane import MAXIMAL, without_metadata

        made = guardrail(**MAXIMAL)
        before = without_metadata(bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"]))
        for form in ((), ("--json",)):
            copy = tmp_path / ("copy.json" if form else "copy.yaml")
            copy.write_text(call("export", made["guardrailId"], *form))
            call("import", str(copy))
            after = without_metadata(bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"]))
            assert {**after, "updatedAt": None} == {**before, "updatedAt": None}

    def test_no_server(self):
        done = pretil.run("guardrail", "--endpoint", "http://127.0.0.1:9", "list")
        assert done.returncode == 1 and done.stderr


def test_doctor():
    done = pretil.run("doctor")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\b[0-9a-f]{64}\b", done.stdout), "the weights' hashes"
    assert re.search(r"kernel", done.stdout, re.IGNORECASE)


class TestServe:
    def test_it_ends_in_order(self):
        server = pretil.Pretil()
        assert server.stop() == 0
        assert "panicked" not in server.log()

    def test_it_finishes_what_it_accepted(self):
        import concurrent.futures

        server = pretil.Pretil()
        bedrock = conftest.client("bedrock", server.endpoint)
        made = bedrock.create_guardrail(
            **conftest.create_request(
                sensitiveInformationPolicyConfig={
                    "piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}, {"type": "PHONE", "action": "ANONYMIZE"}]
                }
            )
        )
        body = {"source": "INPUT", "content": [{"text": {"text": "jane@example.com word " * 30_000}}]}
        path = f"/guardrail/{made['guardrailId']}/version/DRAFT/apply"
        with concurrent.futures.ThreadPoolExecutor() as pool:
            pending = pool.submit(wire_http.send, server.port, "POST", path, body)
            time.sleep(0.15)
            code = server.stop()
            reply = pending.result(timeout=60)
        assert (code, reply.status) == (0, 200)
        assert reply.json["outputs"][0]["text"].startswith("{EMAIL} word {EMAIL}")

    def test_other_addresses_need_a_word(self, tmp_path):
        done = pretil.run("serve", "--listen", "0.0.0.0:0", "--data-dir", str(tmp_path / "data"))
        assert done.returncode == 1
        assert "--insecure" in done.stderr

    def test_the_data_directory_is_ours_alone(self, tmp_path):
        data = tmp_path / "data"
        with pretil.Pretil(data_dir=str(data)):
            assert data.stat().st_mode & 0o077 == 0
            for path in data.iterdir():
                assert path.stat().st_mode & 0o077 == 0, path.name
