import assert from "node:assert/strict";
import test, { after } from "node:test";
import {
  ConflictException,
  CreateGuardrailCommand,
  CreateGuardrailVersionCommand,
  DeleteEnforcedGuardrailConfigurationCommand,
  DeleteGuardrailCommand,
  GetGuardrailCommand,
  ListEnforcedGuardrailsConfigurationCommand,
  ListTagsForResourceCommand,
  PutEnforcedGuardrailConfigurationCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateGuardrailCommand,
  ValidationException,
  paginateListGuardrails,
} from "@aws-sdk/client-bedrock";
import { control, createRequest, policies } from "./clients.mjs";

const made = [];

async function create(request = createRequest(policies)) {
  const reply = await control.send(new CreateGuardrailCommand(request));
  made.push(reply.guardrailId);
  return reply;
}

after(async () => {
  for (const guardrailIdentifier of made) {
    await control.send(new DeleteGuardrailCommand({ guardrailIdentifier })).catch(() => {});
  }
  control.destroy();
});

test("create, get, update, version, delete", async () => {
  const reply = await create();
  assert.equal(reply.version, "DRAFT");
  assert.ok(reply.createdAt instanceof Date && !Number.isNaN(reply.createdAt.getTime()));
  const guardrailIdentifier = reply.guardrailId;

  const got = await control.send(new GetGuardrailCommand({ guardrailIdentifier }));
  assert.equal(got.status, "READY");
  assert.deepEqual(got.wordPolicy.words, [{ text: "bluewhale" }]);
  assert.deepEqual(got.sensitiveInformationPolicy.regexes, []);

  const request = createRequest({ wordPolicyConfig: { wordsConfig: [{ text: "after" }] } });
  await control.send(new UpdateGuardrailCommand({ guardrailIdentifier, ...request }));
  const version = await control.send(
    new CreateGuardrailVersionCommand({ guardrailIdentifier: reply.guardrailArn, description: "one" }),
  );
  assert.equal(version.version, "1");
  const one = await control.send(new GetGuardrailCommand({ guardrailIdentifier, guardrailVersion: "1" }));
  assert.equal(one.description, "one");
  assert.deepEqual(one.wordPolicy.words, [{ text: "after" }]);
  assert.equal(one.sensitiveInformationPolicy, undefined);

  const deleted = await control.send(new DeleteGuardrailCommand({ guardrailIdentifier }));
  assert.equal(deleted.$metadata.httpStatusCode, 202);
  await assert.rejects(control.send(new GetGuardrailCommand({ guardrailIdentifier })), ResourceNotFoundException);
});

test("the paginator sees each guardrail once", async () => {
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push((await create()).guardrailId);
  const seen = [];
  for await (const page of paginateListGuardrails({ client: control, pageSize: 1 }, {})) {
    seen.push(...page.guardrails.map((item) => item.id));
  }
  assert.equal(new Set(seen).size, seen.length);
  for (const id of ids) assert.ok(seen.includes(id));
});

test("an idempotency token gives the first reply again", async () => {
  const request = createRequest({ ...policies, clientRequestToken: `node-${process.pid}` });
  const first = await create(request);
  const second = await control.send(new CreateGuardrailCommand(request));
  assert.equal(second.guardrailId, first.guardrailId);
  const other = createRequest({ ...policies, clientRequestToken: request.clientRequestToken });
  await assert.rejects(control.send(new CreateGuardrailCommand(other)), ConflictException);
});

test("tags", async () => {
  const { guardrailArn: resourceARN } = await create(createRequest({ ...policies, tags: [{ key: "a", value: "1" }] }));
  await control.send(new TagResourceCommand({ resourceARN, tags: [{ key: "b", value: "2" }] }));
  await control.send(new UntagResourceCommand({ resourceARN, tagKeys: ["a"] }));
  const { tags } = await control.send(new ListTagsForResourceCommand({ resourceARN }));
  assert.deepEqual(tags, [{ key: "b", value: "2" }]);
});

test("enforced configuration", async () => {
  const { guardrailId: guardrailIdentifier } = await create();
  await control.send(new CreateGuardrailVersionCommand({ guardrailIdentifier }));
  const { configId } = await control.send(
    new PutEnforcedGuardrailConfigurationCommand({
      guardrailInferenceConfig: { guardrailIdentifier, guardrailVersion: "1" },
    }),
  );
  try {
    const { guardrailsConfig } = await control.send(new ListEnforcedGuardrailsConfigurationCommand({}));
    assert.equal(guardrailsConfig.length, 1);
    assert.equal(guardrailsConfig[0].guardrailId, guardrailIdentifier);
    assert.ok(guardrailsConfig[0].createdAt instanceof Date);
  } finally {
    await control.send(new DeleteEnforcedGuardrailConfigurationCommand({ configId }));
  }
});

test("errors are typed", async () => {
  await assert.rejects(create(createRequest({ ...policies, name: "a name with spaces" })), (error) => {
    assert.ok(error instanceof ValidationException);
    assert.match(error.message, /Value at 'name' failed to satisfy constraint/);
    assert.match(error.$metadata.requestId, /^[0-9a-f-]{36}$/);
    return true;
  });
});
