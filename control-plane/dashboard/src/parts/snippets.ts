// A flag in a program, in some languages, through OpenFeature and the relay's OFREP. Pure.
import type { FlagEntry } from "../api/queries/flag_index";

export type SnippetKind = "curl" | "node" | "python";
export const snippetKinds: readonly { id: SnippetKind; label: string }[] = [
  { id: "curl", label: "curl" },
  { id: "node", label: "Node.js" },
  { id: "python", label: "Python" },
];

interface Asked {
  flag: string;
  type: FlagEntry["type"];
  relay: string;
  key: string; // a server key
}

const calls = {
  boolean: { node: "getBooleanValue", python: "get_boolean_value", node_default: "false", python_default: "False" },
  string: { node: "getStringValue", python: "get_string_value", node_default: '""', python_default: '""' },
  number: { node: "getNumberValue", python: "get_float_value", node_default: "0", python_default: "0.0" },
  json: { node: "getObjectValue", python: "get_object_value", node_default: "{}", python_default: "{}" },
};

const quoted = (text: string): string => JSON.stringify(text);

export function snippet(kind: SnippetKind, { flag, type, relay, key }: Asked): string {
  const call = calls[type];
  switch (kind) {
    case "curl":
      return `curl ${relay}/ofrep/v1/evaluate/flags/${flag} \\
  -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
  -d '{"context":{"targetingKey":"alice"}}'`;
    case "node":
      return [
        `import { OpenFeature } from "@openfeature/server-sdk";`,
        `import { OFREPProvider } from "@openfeature/ofrep-provider";`,
        "",
        "await OpenFeature.setProviderAndWait(",
        `  new OFREPProvider({ baseUrl: ${quoted(relay)}, headers: [["Authorization", ${quoted(`Bearer ${key}`)}]] }),`,
        ");",
        "const client = OpenFeature.getClient();",
        `const value = await client.${call.node}(${quoted(flag)}, ${call.node_default}, { targetingKey: "alice" });`,
      ].join("\n");
    case "python":
      return [
        "from openfeature import api",
        "from openfeature.contrib.provider.ofrep import OFREPProvider",
        "from openfeature.evaluation_context import EvaluationContext",
        "",
        "api.set_provider_and_wait(OFREPProvider(",
        `    ${quoted(relay)}, headers_factory=lambda: {"Authorization": ${quoted(`Bearer ${key}`)}}))`,
        `value = api.get_client().${call.python}(${quoted(flag)}, ${call.python_default}, EvaluationContext("alice"))`,
      ].join("\n");
  }
}
