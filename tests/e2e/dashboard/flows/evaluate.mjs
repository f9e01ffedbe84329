// Evaluates what the control plane has published, outside of the page: the ruleset of the API, the evaluator of the SDKs.
import { readFileSync } from "node:fs";
import { Evaluator } from "../../../../sdk/wasm/fanion.mjs";
import { given } from "./flow.mjs";

// The module that the pages were built with.
const built = new URL("../../../../control-plane/dashboard/src/evaluator/workbench.wasm", import.meta.url);
const evaluator = await Evaluator.instantiate(await WebAssembly.compile(readFileSync(process.env.FANION_WORKBENCH ?? built)));

export async function published(flag, env = "development") {
  const url = `${given.api}/api/v1/orgs/${given.org}/projects/${given.project}/environments/${env}/ruleset?form=plain&flags=${flag}`;
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${given.token}`, Accept: "application/json" } });
  const ruleset = evaluator.load(await answer.text());
  return (context) => ruleset.evaluate(flag, context, Date.now()).variation;
}

export const keys = (count) => Array.from({ length: count }, (_, i) => `user-${i}`);
