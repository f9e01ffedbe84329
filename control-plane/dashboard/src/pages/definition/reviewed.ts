// The draft of a definition as the review sheet takes it. Pure but for what it sends.
import { isProblem } from "../../api/errors";
import { type DefinitionPatch, previewDefinition, publishDefinition } from "../../api/queries/definition";
import { exactFlagQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { queries } from "../../api/query";
import {
  bodyOf,
  configLines,
  type DefinitionState,
  describeDefinition,
  instructionsOf,
  isSame,
  type Json,
  writeJson,
} from "../../model/index";
import type { Drafted, Present } from "../../parts/draft/use_draft";
import type { Reviewed } from "../../parts/ReviewSheet";
import { strictest } from "../../parts/strictest";
import { definitionWords as words } from "../../text/en/definition";
import { editorWords } from "../../text/en/editor";
import { toast } from "../../ui/toasts";

interface Subject {
  place: Place;
  environments: readonly Environment[];
  state: Drafted<"definition">;
}

const plain = (value: unknown): Json => value as Json;

// Whether programs see the change: then every environment gets a new version.
export const isServed = (before: DefinitionState, after: DefinitionState): boolean =>
  !isSame(plain(before.definition.variations), plain(after.definition.variations)) ||
  before.definition.client !== after.definition.client ||
  before.definition.track !== after.definition.track ||
  before.definition.archived !== after.definition.archived;

const linesOf = ({ definition, configs }: DefinitionState): string[] => {
  const { key: _key, type: _type, salt: _salt, variations, name, description, owner, tags, lifetime } = definition;
  return [
    ...Object.entries({
      name,
      description,
      owner,
      tags,
      lifetime,
      client: definition.client,
      track: definition.track,
    }).map(([member, value]) => `${member}: ${writeJson(plain(value))}`),
    ...variations.map(({ key, value }) => `${key} = ${writeJson(value)}`),
    ...Object.entries(configs).flatMap(([env, config]) => configLines(config).map((line) => `${env}: ${line}`)),
  ];
};

function placeIn(state: Drafted<"definition">, pointer: string): string | undefined {
  const at = /^\/instructions\/(\d+)/.exec(pointer)?.[1];
  const instruction = at === undefined ? undefined : instructionsOf(state.draft)[Number(at)];
  if (!instruction) return undefined;
  return "variation" in instruction ? words.value_of(instruction.variation) : instruction.kind;
}

export function reviewedOf({ place, environments, state }: Subject): Reviewed {
  const { draft, base, now } = state;
  const { key: flag } = base.definition;
  const patch = (comment: string): DefinitionPatch => ({
    place,
    flag,
    body: bodyOf({ ...draft, comment }),
    version: draft.version,
  });
  const asking = isServed(base, now) ? strictest(environments) : undefined;
  const renamed = Object.keys(now.configs).filter((env) => !isSame(plain(base.configs[env]), plain(now.configs[env])));
  return {
    title: words.publish_title(flag),
    verb: words.publish,
    environment: asking,
    sentences: describeDefinition(base.definition, now.definition),
    note: renamed.length > 0 ? words.configs_follow(renamed) : undefined,
    lines: { before: linesOf(base), after: linesOf(now) },
    json: { before: plain(base.definition), after: plain(now.definition) },
    // Once it is published, nothing is left to be tried, while the sheet is still there.
    preview: state.isEmpty
      ? undefined
      : {
          id: `${place.org} ${place.project} ${flag} ${draft.version} ${bodyOf({ ...draft, comment: "" })}`,
          run: () => previewDefinition(patch(asking?.comment_required ? "-" : "")),
        },
    mayPublish: true,
    comment: draft.comment,
    onComment: (comment) => state.dispatch({ type: "comment", comment }),
    placeOf: (pointer) => placeIn(state, pointer),
    publish: async ({ comment, key }) => {
      try {
        const published = await publishDefinition(patch(comment), key);
        const present: Present<"definition"> = {
          version: published.version,
          state: { definition: published, configs: now.configs },
        };
        state.published(present);
        toast(words.published(flag, published.version));
      } catch (error) {
        if (!isProblem(error, 412)) throw error;
        await queries.invalidateQueries({ queryKey: exactFlagQuery(place, flag).queryKey });
        throw new Error(editorWords.faster);
      }
    },
  };
}
