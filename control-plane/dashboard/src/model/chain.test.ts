import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type AuditLink, chainHash, firstBroken, verifyExport } from "./chain";
import vectors from "./chain.vectors.json";
import { writeJson } from "./json";
import { fc } from "./testing";

const zero = "0".repeat(64);
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));
const sum = (text: string): string => createHash("sha256").update(text).digest("hex");
const chained = (previous: string, canonical: string): string =>
  createHash("sha256").update(Buffer.from(previous, "hex")).update(canonical).digest("hex");

function canonicalOf(seq: number, action = "flag.updated", after = '{"n":[1,"x é"]}'): string {
  return `{"org_id":"o_1","seq":${seq},"id":"a_${seq}","at":17637200000${seq},"action":"${action}","before":null,"after":${after}}`;
}

function chain(length: number, after = { seq: 0, hash: zero }, make = canonicalOf): AuditLink[] {
  const links: AuditLink[] = [];
  let { seq, hash: previous } = after;
  for (let i = 0; i < length; i += 1) {
    const canonical = make(++seq);
    const hash = chained(previous, canonical);
    links.push({ seq, canonical, previous, hash });
    previous = hash;
  }
  return links;
}

function exportOf(links: readonly AuditLink[], after = { seq: 0, hash: zero }, filter = ""): string {
  const selected = filter === "" ? {} : { filter };
  const lines = [
    writeJson({ fanion_audit: 1, org: "acme", org_id: "o_1", exported_at: 1763720000000, after, ...selected }),
  ];
  for (const { canonical, previous, hash } of links)
    lines.push(`{"entry":${canonical},"previous":"${previous}","hash":"${hash}"}`);
  const text = `${lines.join("\n")}\n`;
  const last = links.at(-1);
  const head = last ? { seq: last.seq, hash: last.hash } : after;
  return `${text}${writeJson({ entries: links.length, head, sha256: sum(text) })}\n`;
}

// "line seq code" of each fault.
async function faultsIn(text: string | Uint8Array<ArrayBuffer>): Promise<string[]> {
  const { faults } = await verifyExport(typeof text === "string" ? bytesOf(text) : text);
  return faults.map(({ line, seq, code }) => `${line} ${seq} ${code}`);
}
const lines = (text: string): string[] => text.slice(0, -1).split("\n");
const joined = (list: readonly string[]): string => `${list.join("\n")}\n`;

test("an untouched export verifies", async () => {
  const links = chain(5);
  const seen: number[] = [];
  const report = await verifyExport(bytesOf(exportOf(links)), (entries) => seen.push(entries));
  expect(report).toMatchObject({
    entries: 5,
    start: "first",
    faults: [],
    last: { seq: 5, hash: links[4]?.hash },
    header: { org: "acme" },
  });
  expect(seen.at(-1)).toBe(5);
  expect(await faultsIn(exportOf([]))).toEqual([]);
});

test("the hash of the example in the API's description", async () => {
  const canonical =
    '{"org_id":"o_mBXDd79gTUM4","seq":42,"id":"a_4fQz81LmPa0Tr2Xy","at":1782898200000,"actor_kind":"user","actor_id":"u_8RXpho5UqyHf",' +
    '"credential_id":"V7Qh2WZJL4P9NZ9u","action":"member.changed","resource":"members/u_hYbDvimcTfiU","before":{"role":"viewer"},' +
    '"after":{"role":"developer"},"comment":"joins the web team","request_id":"BrO8NlS7mC9S5zTZ354O","peer":"192.0.2.7"}';
  expect(await chainHash("43c3541504cde6ff82ecbb9caf7c413ae96960be0b2ba8933c297c7fa2d96c0b", canonical)).toBe(
    "2f4faf44a156ced847475a60c02448b50c726e5b33f933170634849b7ddaef37",
  );
});

test("every flipped byte is found, and the first bad entry is the one that has it", async () => {
  const original = bytesOf(exportOf(chain(2)));
  const text = Buffer.from(original);
  const lineOf = (at: number): number => text.subarray(0, at).filter((byte) => byte === 10).length + 1;
  for (let at = 0; at < original.length; at += 1) {
    const flipped = original.slice();
    flipped[at] = (original[at] ?? 0) ^ (1 << (at % 8));
    const { faults } = await verifyExport(flipped);
    expect([at, faults.length > 0]).toEqual([at, true]);
    const first = faults[0]?.line ?? 0;
    const line = lineOf(at);
    // A lost line feed is found in the line that it ends; a flipped line feed may make two of one.
    if (line > 1 && line < 4) expect([at, Math.abs(first - line) <= (original[at] === 10 ? 1 : 0)]).toEqual([at, true]);
  }
});

test("any change of any entry is found at its place", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 8 }), fc.nat(), fc.nat(), async (count, which, where) => {
      const list = lines(exportOf(chain(count)));
      const line = 1 + (which % count);
      const held = Buffer.from(list[line] ?? "");
      const at = where % held.length;
      held[at] = held[at] === 0x30 ? 0x31 : 0x30;
      list[line] = held.toString("latin1");
      const found = await faultsIn(joined(list));
      expect(found[0]?.split(" ")[0]).toBe(String(line + 1));
    }),
  );
});

test("what is done to lines has its code", async () => {
  const text = exportOf(chain(5));
  const list = lines(text);
  const [header = "", one = "", two = "", three = "", four = "", five = "", end = ""] = list;
  const table: [string, string[]][] = [
    ["", ["0 0 malformed"]],
    [joined([header, one, three, four, five, end]), ["3 3 missing", "6 0 wrong_count"]],
    [joined([header, one, three, two, four, five, end]), ["3 3 missing", "4 2 out_of_order", "5 4 missing"]],
    [joined([header, one, one, two, three, four, five, end]), ["3 1 out_of_order", "8 0 wrong_count"]],
    [joined([header, one, two, three, four, end]), ["6 0 missing", "6 0 wrong_count"]],
    [joined([header, one, two]), ["3 0 truncated"]],
    [text.slice(0, -1), ["7 0 truncated"]],
    [joined([...list, one]), ["8 0 after_end"]],
    [joined([header.replace("acme", "acne"), ...list.slice(1)]), ["1 0 altered"]],
    [
      joined([header.replace('"org"', ' "org"'), ...list.slice(1)]),
      ["1 0 malformed", "2 1 foreign", "3 2 foreign", "4 3 foreign", "5 4 foreign", "6 5 foreign"],
    ],
    [joined([header, "{}", ...list.slice(2)]), ["2 0 malformed", "3 2 missing", "7 0 wrong_count"]],
    [joined([header, one, two, three, four, five, end.replace('"entries":5', '"entries":6')]), ["7 0 wrong_count"]],
    [joined([header, one, two, three, four, five, end.replace(',"head"', ', "head"')]), ["7 0 malformed"]],
    [joined([header, one, two, three, four, five, end.replace(/"sha256":"./, '"sha256":"x')]), ["1 0 altered"]],
    [
      joined([header, one.replace(/"hash":"/, '"hash":"').toUpperCase(), ...list.slice(2)]),
      ["2 0 malformed", "3 2 missing", "7 0 wrong_count"],
    ],
  ];
  for (const [changed, faults] of table) expect(await faultsIn(changed)).toEqual(faults);
  expect(await faultsIn(exportOf(chain(3)).replace('"seq":3,"hash":"', '"seq":2,"hash":"'))).toEqual(["5 0 wrong_end"]);
});

test("an entry that is none, or of another organisation", async () => {
  expect(await faultsIn(exportOf(chain(2, undefined, (seq) => canonicalOf(seq).replace('"id"', '"no"'))))).toEqual([
    "2 1 malformed",
    "3 2 malformed",
  ]);
  expect(await faultsIn(exportOf(chain(1, undefined, (seq) => canonicalOf(seq).replace("o_1", "o_2"))))).toEqual([
    "2 1 foreign",
  ]);
  expect(await faultsIn(exportOf(chain(1, undefined, () => "7")))).toEqual(["2 1 malformed"]);
  expect(
    await faultsIn(exportOf(chain(1, undefined, (seq) => canonicalOf(seq).replace(/"at":\d+/, '"at":-1')))),
  ).toEqual(["2 1 malformed"]);
});

test("logs that begin later", async () => {
  const before = { seq: 7, hash: "ab".repeat(32) };
  expect(await faultsIn(exportOf(chain(2, before), before))).toEqual(["4 0 unproven_start"]);
  const purged = chain(2, before, (seq) => canonicalOf(seq, "audit.purged", `{"through":7,"hash":"${before.hash}"}`));
  expect(await verifyExport(bytesOf(exportOf(purged, before)))).toMatchObject({ start: "purged", faults: [] });
  expect(
    await faultsIn(
      exportOf(
        chain(1, before, (seq) => canonicalOf(seq, "audit.purged", '{"through":0}')),
        before,
      ),
    ),
  ).toEqual(["2 8 malformed"]);
  expect(await faultsIn(exportOf(chain(1, { seq: 0, hash: before.hash }), { seq: 0, hash: before.hash }))).toEqual([
    "1 0 malformed",
  ]);
  const some = chain(6).filter(({ seq }) => seq % 2 === 0);
  expect(await verifyExport(bytesOf(exportOf(some, undefined, "actor=u_1")))).toMatchObject({
    start: "filtered",
    faults: [],
  });
});

test("a control plane's export, and the faults that fanion audit verify finds after one bit is flipped", async () => {
  const original = bytesOf(vectors.export);
  expect(await verifyExport(original)).toMatchObject({ entries: 5, start: "first", faults: [] });
  expect(vectors.flips.length).toBeGreaterThan(100);
  for (const [at, bit, faults] of vectors.flips as [number, number, string[]][]) {
    const flipped = original.slice();
    flipped[at] = (original[at] ?? 0) ^ (1 << bit);
    expect([at, await faultsIn(flipped)]).toEqual([at, faults]);
  }
});

test("at most 100 faults are kept", async () => {
  const { faults } = await verifyExport(bytesOf(joined(Array.from({ length: 300 }, () => "x"))));
  expect(faults).toHaveLength(100);
});

test("pages of entries with their canonical bytes", async () => {
  const links = chain(5);
  expect(await firstBroken(links)).toBeUndefined();
  expect(await firstBroken(links.slice(2))).toBeUndefined();
  expect(await firstBroken(links.slice(2), { seq: 2, hash: zero })).toBe(3);
  expect(await firstBroken(links.toSpliced(2, 1))).toBe(4);
  const altered = links.with(1, { ...(links[1] as AuditLink), canonical: canonicalOf(2, "flag.deleted") });
  expect(await firstBroken(altered)).toBe(2);
  expect(await firstBroken(links.with(0, { ...(links[0] as AuditLink), previous: "x" }))).toBe(1);
  expect(await firstBroken([])).toBeUndefined();
});
