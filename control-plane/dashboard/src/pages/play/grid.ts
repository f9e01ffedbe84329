// The results of the playground: columns of flags in environments, answers as text, groups, and the table for export. Pure.
import type { Answer, Answers } from "../../evaluator/answers";

export interface EnvAnswers {
  env: string;
  flags: readonly string[];
  now: Answers;
  before: Answers | undefined; // by the version that it is compared with
  changed: ReadonlySet<number>; // context × flags + flag
}

export interface Column {
  env: string;
  flag: string;
  answers: EnvAnswers;
  index: number; // of the flag
}

export const columnsOf = (results: readonly EnvAnswers[]): Column[] =>
  results.flatMap((answers) => answers.flags.map((flag, index) => ({ env: answers.env, flag, answers, index })));

export const isChanged = ({ answers, index }: Column, context: number): boolean =>
  answers.changed.has(context * answers.flags.length + index);

// What is served, in a word: the variation, or why there is none.
export const answerText = ({ variation, error }: Answer, callersDefault: string): string =>
  error ?? variation ?? callersDefault;

export const variationAt = (column: Column, context: number): string | undefined =>
  column.answers.now.variation(context, column.index);

export const cellText = (column: Column, context: number, callersDefault: string): string =>
  answerText(column.answers.now.at(context, column.index), callersDefault);

export const beforeText = (column: Column, context: number, callersDefault: string): string | undefined =>
  column.answers.before && answerText(column.answers.before.at(context, column.index), callersDefault);

export const changedContexts = (columns: readonly Column[], count: number): number[] =>
  Array.from({ length: count }, (_, context) => context).filter((context) =>
    columns.some((column) => isChanged(column, context)),
  );

export interface Group {
  texts: readonly string[]; // of each column
  contexts: number[];
}

// Contexts that get the same answers, the largest group first.
export function groupsOf(columns: readonly Column[], contexts: readonly number[], callersDefault: string): Group[] {
  const groups = new Map<string, Group>();
  for (const context of contexts) {
    const texts = columns.map((column) => cellText(column, context, callersDefault));
    const id = JSON.stringify(texts);
    const group = groups.get(id);
    if (group) group.contexts.push(context);
    else groups.set(id, { texts, contexts: [context] });
  }
  return [...groups.values()].sort((a, b) => b.contexts.length - a.contexts.length);
}

// A context and its answers a row: variation, value and reason of each column, and the variation before where one is compared.
export function exportRows(
  columns: readonly Column[],
  contexts: readonly string[],
  callersDefault: string,
): string[][] {
  const head = columns.flatMap(({ env, flag, answers }) => [
    `${flag} ${env}`,
    `${flag} ${env} value`,
    `${flag} ${env} reason`,
    ...(answers.before ? [`${flag} ${env} before`] : []),
  ]);
  const rows = contexts.map((text, context) => [
    text,
    ...columns.flatMap((column) => {
      const answer = column.answers.now.at(context, column.index);
      const before = beforeText(column, context, callersDefault);
      return [
        answerText(answer, callersDefault),
        answer.value ?? "",
        answer.reason,
        ...(before === undefined ? [] : [before]),
      ];
    }),
  ]);
  return [["context", ...head], ...rows];
}

// In the place of a version in the address: one's own drafts, or before the id of a change request.
export const draftWord = "draft";
export const requestWord = "request:";

// "production:3.17" of each environment that is shown.
export const readVersions = (written: readonly string[], envs: readonly string[]): Map<string, string> =>
  new Map(
    written.flatMap((one) => {
      const [env = "", version = ""] = one.split(/:(.*)/);
      return envs.includes(env) && version !== "" ? [[env, version] as const] : [];
    }),
  );

export function writeVersions(
  versions: ReadonlyMap<string, string>,
  env: string,
  version: string | undefined,
): string[] | undefined {
  const next = new Map(versions);
  if (version === undefined) next.delete(env);
  else next.set(env, version);
  return next.size > 0 ? [...next].map((pair) => pair.join(":")) : undefined;
}
