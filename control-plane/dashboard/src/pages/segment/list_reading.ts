// A file of values against what is there: everything that is known before anything is sent. Pure.
import { columnsOf, compareList, type ListedValue, partsOf, readList } from "../../model/index";
import type { ListAnswer, ListQuestion, Sample } from "./list_protocol";

const most = 5;
const partBytes = 1_500_000; // a body has at most 2 MiB

const sample = (values: readonly ListedValue[]): Sample => ({ count: values.length, some: values.slice(0, most) });

export function readFile(bytes: Uint8Array, { form, present, other }: Omit<ListQuestion, "file">): ListAnswer {
  const read = readList(bytes, form);
  const held = new Set(present);
  const compared = compareList(read, held, new Set(other));
  const given = new Set(read.values.map(({ value }) => value));
  return {
    columns: form.format === "csv" ? columnsOf(bytes) : [],
    values: read.values.length,
    added: sample(compared.added),
    there: sample(compared.alreadyThere),
    twice: sample(compared.duplicate),
    inOther: sample(compared.inOtherList),
    leaving: present.filter((value) => !given.has(value)).length,
    faulty: { count: compared.faults.length, some: compared.faults.slice(0, most) },
    emptyCells: read.emptyCells,
    overLimit: compared.overLimit,
    parts: partsOf(
      read.values.map(({ value }) => value),
      partBytes,
    ),
  };
}
