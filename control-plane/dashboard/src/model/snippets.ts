// Code that asks for one flag, per SDK. Everything that a person has named is written as a literal of
// the language, so that no key or value can become code.

import type { FlagType } from "./config";
import { type Json, writeJson } from "./json";

export type SnippetKind = "node" | "web" | "python" | "go" | "java" | "curl" | "fanion";
export type Snippet = {
  readonly kind: SnippetKind;
  readonly title: string;
  /** For colours: "javascript", "python", "go", "java", "shell". */
  readonly language: string;
  /** How the packages are added; empty: none. */
  readonly install: string;
  readonly code: string;
  /** A client key is public and sees only flags marked `client`. */
  readonly key: "server" | "client";
};
export type SnippetInput = {
  readonly flag: string;
  readonly type: FlagType;
  /** What the caller gets where there is no answer; by default the type's empty value. */
  readonly fallback?: Json;
  /** The relay's address, "http://127.0.0.1:8080". */
  readonly relay: string;
  readonly targetingKey: string;
  readonly project: string;
  readonly environment: string;
};

/** The fallback of a type: what is false, empty or 0. */
export function emptyValue(type: FlagType): Json {
  return { boolean: false, string: "", number: 0, json: {} }[type];
}

// JSON strings are literals of JavaScript, Python, Go and Java, except for what is escaped here.
function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

// Java reads \u before anything else, so a backslash of the text must not stand before a u.
const javaLiteral = (text: string): string => literal(text).replaceAll("\\\\u", "\\134u");
// In single quotes, a shell takes everything as it is but the quote.
const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const single = (text: string): string =>
  `'${literal(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

function pythonValue(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return literal(value);
  return typeof value === "object" && !("text" in value)
    ? `json.loads(${literal(writeJson(value))})`
    : writeJson(value);
}

type Names = Readonly<Record<FlagType, string>>;
const nodeNames: Names = {
  boolean: "getBooleanValue",
  string: "getStringValue",
  number: "getNumberValue",
  json: "getObjectValue",
};
const pythonNames: Names = {
  boolean: "get_boolean_value",
  string: "get_string_value",
  number: "get_float_value",
  json: "get_object_value",
};
const goNames: Names = { boolean: "BooleanValue", string: "StringValue", number: "FloatValue", json: "ObjectValue" };
const javaNames: Names = {
  boolean: "getBooleanValue",
  string: "getStringValue",
  number: "getDoubleValue",
  json: "getObjectValue",
};

type Given = Required<SnippetInput>;
type Make = (given: Given) => Omit<Snippet, "kind">;

const node: Make = ({ flag, type, fallback, relay, targetingKey }) => ({
  title: "Node.js",
  language: "javascript",
  install: "npm install @openfeature/server-sdk @openfeature/ofrep-provider",
  key: "server",
  code: `import { OpenFeature } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';

await OpenFeature.setProviderAndWait(new OFREPProvider({
  baseUrl: ${single(relay)}, headers: [['Authorization', \`Bearer \${process.env.FANION_KEY}\`]] }));
const value = await OpenFeature.getClient().${nodeNames[type]}(${single(flag)}, ${writeJson(fallback)}, { targetingKey: ${single(targetingKey)} });
`,
});

const web: Make = ({ flag, type, fallback, relay, targetingKey }) => ({
  title: "Web",
  language: "javascript",
  install: "npm install @openfeature/web-sdk @openfeature/ofrep-web-provider",
  key: "client",
  code: `import { OpenFeature } from '@openfeature/web-sdk';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';

await OpenFeature.setContext({ targetingKey: ${single(targetingKey)} });
await OpenFeature.setProviderAndWait(new OFREPWebProvider({
  baseUrl: ${single(relay)}, headers: [['Authorization', 'Bearer fan_cli_..']] }));
const value = OpenFeature.getClient().${nodeNames[type]}(${single(flag)}, ${writeJson(fallback)});
`,
});

const python: Make = ({ flag, type, fallback, relay, targetingKey }) => ({
  title: "Python",
  language: "python",
  install: "pip install openfeature-sdk openfeature-provider-ofrep",
  key: "server",
  code: `${type === "json" ? "import json\n" : ""}import os
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

headers = {"Authorization": f"Bearer {os.environ['FANION_KEY']}"}
api.set_provider(OFREPProvider(${literal(relay)}, headers_factory=lambda: headers))
value = api.get_client().${pythonNames[type]}(${literal(flag)}, ${pythonValue(fallback)}, EvaluationContext(${literal(targetingKey)}))
`,
});

const goValue = (type: FlagType, fallback: Json): string => {
  if (type === "json") return `json.RawMessage(${literal(writeJson(fallback))})`;
  return typeof fallback === "string" ? literal(fallback) : writeJson(fallback);
};

const go: Make = ({ flag, type, fallback, relay, targetingKey }) => ({
  title: "Go",
  language: "go",
  install: "go get github.com/open-feature/go-sdk github.com/open-feature/go-sdk-contrib/providers/ofrep",
  key: "server",
  code: `package main

import (
	"context"
${type === "json" ? '\t"encoding/json"\n' : ""}	"fmt"
	"os"

	"github.com/open-feature/go-sdk-contrib/providers/ofrep"
	"github.com/open-feature/go-sdk/openfeature"
)

func main() {
	provider := ofrep.NewProvider(${literal(relay)}, ofrep.WithBearerToken(os.Getenv("FANION_KEY")))
	if err := openfeature.SetProviderAndWait(provider); err != nil {
		panic(err)
	}
	user := openfeature.NewEvaluationContext(${literal(targetingKey)}, nil)
	value, err := openfeature.NewClient("app").${goNames[type]}(context.Background(), ${literal(flag)}, ${goValue(type, fallback)}, user)
	fmt.Println(value, err)
}
`,
});

const javaValue = (type: FlagType, fallback: Json): string => {
  if (type === "json") return "new Value()";
  if (typeof fallback === "string") return javaLiteral(fallback);
  return type === "number" ? `${writeJson(fallback)}d` : writeJson(fallback);
};
const javaType: Names = { boolean: "boolean", string: "String", number: "double", json: "Value" };

const java: Make = ({ flag, type, fallback, relay, targetingKey }) => ({
  title: "Java",
  language: "java",
  install: "dev.openfeature:sdk dev.openfeature.contrib.providers:ofrep",
  key: "server",
  code: `import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.openfeature.contrib.providers.ofrep.OfrepProvider;
import dev.openfeature.contrib.providers.ofrep.OfrepProviderOptions;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
${type === "json" ? "import dev.openfeature.sdk.Value;\n" : ""}
var api = OpenFeatureAPI.getInstance();
var key = ImmutableList.of("Bearer " + System.getenv("FANION_KEY"));
api.setProviderAndWait(OfrepProvider.constructProvider(OfrepProviderOptions.builder()
    .baseUrl(${javaLiteral(relay)}).headers(ImmutableMap.of("Authorization", key)).build()));
${javaType[type]} value = api.getClient().${javaNames[type]}(${javaLiteral(flag)}, ${javaValue(type, fallback)}, new ImmutableContext(${javaLiteral(targetingKey)}));
`,
});

const curl: Make = ({ flag, relay, targetingKey }) => ({
  title: "curl",
  language: "shell",
  install: "",
  key: "server",
  code: `curl -s ${shell(`${relay}/ofrep/v1/evaluate/flags/${encodeURIComponent(flag)}`)} \\
    -H "Authorization: Bearer $FANION_KEY" -H 'Content-Type: application/json' \\
    -d ${shell(writeJson({ context: { targetingKey } }))}
`,
});

const fanion: Make = ({ flag, relay, targetingKey, project, environment }) => ({
  title: "fanion",
  language: "shell",
  install: "",
  key: "server",
  code: `fanion eval ${shell(flag)} ${shell(writeJson({ targetingKey }))} --relay ${shell(relay)} --key "$FANION_KEY"
fanion flag get ${shell(flag)} --project ${shell(project)} --env ${shell(environment)}
`,
});

const makers: Readonly<Record<SnippetKind, Make>> = { node, web, python, go, java, curl, fanion };
export const snippetKinds = Object.keys(makers) as SnippetKind[];

export function snippet(kind: SnippetKind, input: SnippetInput): Snippet {
  return { kind, ...makers[kind]({ fallback: emptyValue(input.type), ...input }) };
}

/** One for each SDK, in the order of the tabs. */
export function snippets(input: SnippetInput): Snippet[] {
  return snippetKinds.map((kind) => snippet(kind, input));
}
