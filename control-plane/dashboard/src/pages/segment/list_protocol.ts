// What the page and the worker that reads a file of values say to each other.
import type { FaultyValue, ListedValue, ListFile } from "../../model/index";

export interface ListQuestion {
  file: File;
  form: ListFile;
  present: readonly string[];
  other: readonly string[];
}

export interface Sample {
  count: number;
  some: readonly ListedValue[];
}

export interface ListAnswer {
  columns: readonly string[];
  values: number;
  added: Sample;
  there: Sample;
  twice: Sample;
  inOther: Sample;
  leaving: number; // values of the list that the file does not have
  faulty: { count: number; some: readonly FaultyValue[] };
  emptyCells: number;
  overLimit: number;
  parts: readonly string[]; // to be sent, as lines
}
