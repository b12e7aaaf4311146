import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { CreateGuardrailCommand, DeleteGuardrailCommand } from "@aws-sdk/client-bedrock";
import {
  ApplyGuardrailCommand,
  InvokeGuardrailChecksCommand,
  ValidationException,
} from "@aws-sdk/client-bedrock-runtime";
import { control, createRequest, policies, runtime } from "./clients.mjs";

let guardrail;

before(async () => {
  guardrail = await control.send(new CreateGuardrailCommand(createRequest(policies)));
});

after(async () => {
  await control.send(new DeleteGuardrailCommand({ guardrailIdentifier: guardrail.guardrailId }));
  control.destroy();
  runtime.destroy();
});

function apply(text, changes = {}) {
  return runtime.send(
    new ApplyGuardrailCommand({
      guardrailIdentifier: guardrail.guardrailId,
      guardrailVersion: "DRAFT",
      source: "INPUT",
      content: [{ text: { text } }],
      ...changes,
    }),
  );
}

test("the client speaks HTTP/2", () => {
  assert.equal(runtime.config.requestHandler.constructor.name, "NodeHttp2Handler");
});

test("none, block, mask", async () => {
  const clean = await apply("Where is my parcel?");
  assert.equal(clean.action, "NONE");
  assert.deepEqual(clean.outputs, []);
  assert.equal(clean.usage.wordPolicyUnits, 1);

  const blocked = await apply("Is bluewhale better?");
  assert.equal(blocked.action, "GUARDRAIL_INTERVENED");
  assert.deepEqual(blocked.outputs, [{ text: "BLOCKED_INPUT" }]);
  assert.deepEqual(blocked.assessments[0].wordPolicy.customWords, [
    { match: "bluewhale", action: "BLOCKED", detected: true },
  ]);

  const masked = await apply("Write to jane@example.com", { source: "OUTPUT" });
  assert.deepEqual(masked.outputs, [{ text: "Write to {EMAIL}" }]);
});

test("an ARN as identifier", async () => {
  const reply = await apply("bluewhale", { guardrailIdentifier: guardrail.guardrailArn });
  assert.equal(reply.action, "GUARDRAIL_INTERVENED");
});

test("a hundred calls at once on one connection, each with its own answer", async () => {
  const numbers = Array.from({ length: 100 }, (_, number) => number);
  const replies = await Promise.all(numbers.map((number) => apply(`${number}: u${number}@example.com`)));
  for (const number of numbers) assert.deepEqual(replies[number].outputs, [{ text: `${number}: {EMAIL}` }]);
});

test("guardrail checks", async () => {
  const reply = await runtime.send(
    new InvokeGuardrailChecksCommand({
      messages: [{ role: "user", content: [{ text: "à jane@example.com" }] }],
      checks: { sensitiveInformation: { entities: [{ type: "EMAIL" }] } },
    }),
  );
  const [found] = reply.results.sensitiveInformation.results;
  assert.equal(found.type, "EMAIL");
  assert.deepEqual([found.beginOffset, found.endOffset], [2, 18]);
});

test("errors are typed over HTTP/2", async () => {
  await assert.rejects(apply("x", { guardrailIdentifier: "zzzzzzzzzzzz" }), (error) => {
    assert.ok(error instanceof ValidationException);
    assert.equal(error.message, "The guardrail identifier or version provided in the request does not exist.");
    assert.equal(error.$metadata.httpStatusCode, 400);
    return true;
  });
});
