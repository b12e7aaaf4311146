// Clients of the AWS SDK for JavaScript, unmodified but for the endpoint (PRETIL_ENDPOINT).
import { BedrockClient } from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";

const settings = {
  endpoint: process.env.PRETIL_ENDPOINT,
  region: "us-east-1",
  credentials: { accessKeyId: "AKIDCONFORMANCE", secretAccessKey: "not-a-secret" },
  maxAttempts: 1,
};

export const control = new BedrockClient(settings);

// Speaks HTTP/2 with prior knowledge: its default handler knows nothing else.
export const runtime = new BedrockRuntimeClient(settings);

let number = 0;

/** A CreateGuardrail request with a name that no other has. */
export function createRequest(policies) {
  number += 1;
  return {
    name: `node-${process.pid}-${number}`,
    blockedInputMessaging: "BLOCKED_INPUT",
    blockedOutputsMessaging: "BLOCKED_OUTPUT",
    ...policies,
  };
}

export const policies = {
  wordPolicyConfig: { wordsConfig: [{ text: "bluewhale" }] },
  sensitiveInformationPolicyConfig: { piiEntitiesConfig: [{ type: "EMAIL", action: "ANONYMIZE" }] },
};
