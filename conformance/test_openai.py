"""The OpenAI SDK against the gateway, with a small model server of the same API behind it."""

import http.server
import json
import threading

import openai
import pytest

import conftest
import pretil
from pretil import Pretil

POLICIES = {
    "wordPolicyConfig": {"wordsConfig": [{"text": "bluewhale"}]},
    "sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]},
}
KEY = "sk-upstream-canary"


class Model(http.server.BaseHTTPRequestHandler):
    """Says what the last message says, or calls the tool that it is offered with it."""

    protocol_version = "HTTP/1.1"
    asked: list = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        Model.asked.append((self.path, self.headers["authorization"], body))
        if self.path == "/v1/completions":
            return self.whole({"object": "text_completion", "choices": [{"index": 0, "text": body["prompt"], "finish_reason": "stop"}]})
        text = body["messages"][-1]["content"]
        if text == "fail":
            return self.whole({"error": {"message": "no such luck", "type": "invalid_request_error", "code": "unlucky"}}, 400)
        message = {"role": "assistant", "content": text}
        reason = "stop"
        if body.get("tools"):
            name = body["tools"][0]["function"]["name"]
            call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": json.dumps({"text": text})}}
            message, reason = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
        if body.get("stream"):
            return self.pieces(body, message, reason)
        self.whole(
            {
                "id": "chatcmpl-model",
                "object": "chat.completion",
                "created": 1,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": reason}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
            }
        )

    def whole(self, body, status=200):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def pieces(self, body, message, reason):
        """The same as server-sent events, the text three characters at a time."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        text = message["content"] or ""
        deltas = [{"role": "assistant", "content": ""}]
        deltas += [{"content": text[at : at + 3]} for at in range(0, len(text), 3)]
        for call in message.get("tool_calls", []):
            arguments = call["function"]["arguments"]
            deltas.append({"tool_calls": [{**call, "index": 0, "function": {**call["function"], "arguments": ""}}]})
            deltas += [
                {"tool_calls": [{"index": 0, "function": {"arguments": arguments[at : at + 3]}}]}
                for at in range(0, len(arguments), 3)
            ]
        if text == "cut":
            reason = None
        events = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
        if reason is not None:
            events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
            events.append({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}})
        for event in events:
            event |= {"id": "chatcmpl-model", "object": "chat.completion.chunk", "created": 1, "model": body["model"]}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()
        if reason is not None:
            self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    Model.asked.clear()
    model = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    file = tmp_path_factory.mktemp("gateway") / "gateway.yaml"
    file.write_text(f"""\
upstreams:
  local:
    kind: openai-compatible
    base_url: http://127.0.0.1:{model.server_address[1]}/v1
    allow_private_addresses: true
    api_key: {{env: MODEL_KEY}}
models:
  assistant: {{upstream: local, upstream_model: toy-1b}}
  strict: {{upstream: local, on_block: error}}
default_guardrail: {{name: gateway, version: "1"}}
""")
    with Pretil("--config", str(file), environment={"MODEL_KEY": KEY, "PRETIL_LOG": "trace"}) as server:
        server.gateway_file = str(file)
        bedrock = conftest.client("bedrock", server.endpoint)
        made = bedrock.create_guardrail(**{**conftest.create_request(**POLICIES), "name": "gateway"})
        bedrock.create_guardrail_version(guardrailIdentifier=made["guardrailId"])
        yield server
        for secret in (KEY, "callers-own", "jane@example", "bluewhale", "parcel", "no such luck", "kill you"):
            assert secret not in server.log(), secret
    model.shutdown()


@pytest.fixture(scope="module")
def sdk(gateway):
    return openai.OpenAI(base_url=f"{gateway.endpoint}/v1", api_key="callers-own", max_retries=0)


def ask(sdk, text, model="assistant", **parameters):
    return sdk.chat.completions.create(model=model, messages=[{"role": "user", "content": text}], **parameters)


def test_a_clean_call_passes(sdk):
    answer = ask(sdk, "Where is my parcel?", temperature=0)
    assert answer.choices[0].message.content == "Where is my parcel?"
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.model, answer.id, answer.usage.total_tokens) == ("assistant", "chatcmpl-model", 3)
    path, authorization, body = Model.asked[-1]
    assert (path, authorization) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert body == {"model": "toy-1b", "messages": [{"role": "user", "content": "Where is my parcel?"}], "temperature": 0}


def test_personal_data_does_not_reach_the_model(sdk):
    answer = ask(sdk, "I am jane@example.com")
    assert Model.asked[-1][2]["messages"][0]["content"] == "I am {EMAIL}"
    assert answer.choices[0].message.content == "I am {EMAIL}"


def test_a_blocked_prompt_never_reaches_the_model(sdk):
    before = len(Model.asked)
    raw = sdk.chat.completions.with_raw_response.create(
        model="assistant", messages=[{"role": "user", "content": "Is bluewhale better?"}]
    )
    answer = raw.parse()
    assert answer.choices[0].message.content == "BLOCKED_INPUT"
    assert answer.choices[0].finish_reason == "content_filter"
    assert answer.usage.total_tokens == 0
    assert raw.headers["x-pretil-input"] == "blocked"
    assert answer.pretil["input"]["action"] == "BLOCKED"
    assert len(Model.asked) == before


def test_a_block_as_an_error(sdk):
    with pytest.raises(openai.BadRequestError) as raised:
        ask(sdk, "Is bluewhale better?", model="strict")
    assert raised.value.code == "content_filter"


def test_a_blocked_answer(sdk):
    # The system message is the application's own and not judged; the model repeats it.
    answer = sdk.chat.completions.create(model="assistant", messages=[{"role": "system", "content": "bluewhale"}])
    assert answer.choices[0].message.content == "BLOCKED_OUTPUT"
    assert answer.choices[0].finish_reason == "content_filter"


TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}


def test_arguments_of_tools_are_judged(sdk):
    def call(system):
        messages = [{"role": "user", "content": "Hi"}, {"role": "system", "content": system}]
        return sdk.chat.completions.create(model="assistant", messages=messages, tools=[TOOL]).choices[0]

    clean = call("parcel")
    assert (clean.finish_reason, clean.message.tool_calls[0].id) == ("tool_calls", "call_1")
    assert json.loads(clean.message.tool_calls[0].function.arguments) == {"text": "parcel"}
    masked = call("jane@example.com").message.tool_calls[0].function
    assert json.loads(masked.arguments) == {"text": "{EMAIL}"}
    blocked = call("bluewhale")
    assert (blocked.finish_reason, blocked.message.tool_calls) == ("content_filter", None)


def test_results_of_tools_are_judged(sdk):
    call = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "Look it up"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "Ask bluewhale"},
    ]
    answer = sdk.chat.completions.create(model="assistant", messages=messages)
    assert answer.choices[0].message.content == "BLOCKED_INPUT"


def test_errors_have_the_apis_shape(sdk):
    with pytest.raises(openai.BadRequestError) as raised:
        ask(sdk, "fail")
    assert (raised.value.code, raised.value.body["message"]) == ("unlucky", "no such luck")
    with pytest.raises(openai.NotFoundError) as raised:
        ask(sdk, "Hi", model="toy-1b")
    assert raised.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as raised:
        ask(sdk, "Hi", extra_body={"chat_template": "bluewhale"})
    assert raised.value.code == "unknown_parameter"


def stream(sdk, text, model="assistant", **parameters):
    """The text of a streamed answer, why it ended, and its usage."""
    said, reason, usage = "", None, None
    for chunk in ask(sdk, text, model=model, stream=True, stream_options={"include_usage": True}, **parameters):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            said += choice.delta.content or ""
            reason = choice.finish_reason or reason
    return said, reason, usage


def system(text):
    """What the model says and the prompt does not: the system message is not judged."""
    return {"messages": [{"role": "user", "content": "Hi"}, {"role": "system", "content": text}]}


def stream_of(sdk, text, **parameters):
    said, reason = "", None
    chunks = sdk.chat.completions.create(model="assistant", stream=True, **system(text), **parameters)
    for chunk in chunks:
        for choice in chunk.choices:
            said += choice.delta.content or ""
            reason = choice.finish_reason or reason
    return said, reason


LONG = "The parcel left the depot this morning and the driver will ring the bell twice. " * 12


@pytest.mark.parametrize("text", ["", "Hi", LONG, LONG + "Write to jane@example.com. " + LONG, "Grüße an alle, schöne Zeit. " * 30])
def test_a_stream_says_what_the_whole_answer_says(sdk, text):
    whole = sdk.chat.completions.create(model="assistant", **system(text)).choices[0]
    assert stream_of(sdk, text) == (whole.message.content, whole.finish_reason)


def test_a_stream_has_its_usage(sdk):
    said, reason, usage = stream(sdk, "I am jane@example.com")
    assert (said, reason, usage.total_tokens) == ("I am {EMAIL}", "stop", 3)


def test_a_blocked_stream(sdk):
    said, reason = stream_of(sdk, "bluewhale")
    assert (said, reason) == ("BLOCKED_OUTPUT", "content_filter")
    assert stream(sdk, "Is bluewhale better?")[:2] == ("BLOCKED_INPUT", "content_filter")
    said, reason = stream_of(sdk, LONG + "bluewhale")
    assert said.endswith("BLOCKED_OUTPUT") and "bluewhale" not in said
    assert LONG.startswith(said.removesuffix("BLOCKED_OUTPUT"))


def test_calls_of_tools_in_a_stream(sdk):
    def call(text):
        with sdk.chat.completions.stream(model="assistant", tools=[TOOL], **system(text)) as events:
            for _ in events:
                pass
            return events.get_final_completion().choices[0]

    masked = call("jane@example.com")
    assert masked.finish_reason == "tool_calls"
    assert json.loads(masked.message.tool_calls[0].function.arguments) == {"text": "{EMAIL}"}


def test_a_cut_stream_is_an_error(sdk):
    with pytest.raises(openai.APIError) as raised:
        stream_of(sdk, "cut")
    assert raised.value.code == "upstream_answer"


def test_a_stream_asynchronously(gateway):
    import asyncio

    async def run():
        async with openai.AsyncOpenAI(base_url=f"{gateway.endpoint}/v1", api_key="any", max_retries=0) as sdk:
            async def one(number):
                said = ""
                messages = system(f"{LONG} number {number}, jane@example.com")
                async for chunk in await sdk.chat.completions.create(model="assistant", stream=True, **messages):
                    said += "".join(choice.delta.content or "" for choice in chunk.choices)
                return said

            return await asyncio.gather(*(one(number) for number in range(20)))

    assert asyncio.run(run()) == [f"{LONG} number {number}, {{EMAIL}}" for number in range(20)]


def test_completions(sdk):
    answer = sdk.completions.create(model="assistant", prompt="I am jane@example.com")
    assert (answer.choices[0].text, answer.choices[0].finish_reason) == ("I am {EMAIL}", "stop")


def test_models(sdk):
    assert sorted(model.id for model in sdk.models.list()) == ["assistant", "strict"]
    assert sdk.models.retrieve("strict").id == "strict"


def test_moderations(sdk):
    reply = sdk.moderations.create(input=["I will find you and kill you, and burn your house down.", "The parcel is on its way."])
    threat, clean = reply.results
    assert threat.flagged and threat.categories.violence
    assert threat.category_scores.violence > clean.category_scores.violence
    assert not clean.flagged
    assert threat.categories.self_harm is None


def test_doctor_shows_models_and_no_key(gateway, monkeypatch):
    monkeypatch.setenv("MODEL_KEY", KEY)
    shown = pretil.run("doctor", "--config", gateway.gateway_file).stdout
    assert "upstream local" in shown and "toy-1b at local" in shown and "with a key" in shown
    assert KEY not in shown
    monkeypatch.delenv("MODEL_KEY")
    shown = pretil.run("doctor", "--config", gateway.gateway_file).stdout
    assert "the environment variable MODEL_KEY is not set" in shown


def test_a_file_that_is_not_in_order_ends_the_start(tmp_path):
    file = tmp_path / "gateway.yaml"
    file.write_text("upstreams:\n  local: {kind: openai-compatible, base_url: 'http://model/v1', api_key: sk-oops}\n")
    ended = pretil.run("serve", "--listen", "127.0.0.1:0", "--data-dir", str(tmp_path / "data"), "--config", str(file))
    assert ended.returncode == 1
    assert "line 2" in ended.stderr and "{env: NAME}" in ended.stderr and "sk-oops" not in ended.stderr
