import { expect, test } from "vitest";
import { type Json, parseJson, writeJson } from "./json";
import { orRefusal } from "./refusal";
import { storedCondition, storedServe } from "./stored_form";

function condition(text: string): string {
  const read = orRefusal(() => storedCondition(parseJson(text), ""));
  return "value" in read ? writeJson(read.value as Json) : `${read.refusal.pointer} ${read.refusal.code}`;
}
function serve(text: string): string {
  const read = orRefusal(() => storedServe(parseJson(text), ""));
  return "value" in read ? writeJson(read.value as Json) : `${read.refusal.pointer} ${read.refusal.code}`;
}

test("conditions in stored form, or what is wrong with them", () => {
  const table: [string, string][] = [
    ['{"op":"is","attribute":"a","values":[1.0]}', '{"attribute":"a","op":"is","values":[1.0],"ignore_case":false}'],
    ['{"op":"exists","attribute":"a"}', '{"attribute":"a","op":"exists","values":[],"ignore_case":false}'],
    ['{"op":"in_segment","values":["s"]}', '{"op":"in_segment","values":["s"]}'],
    ['{"bucket":{"from":0,"to":5}}', '{"bucket":{"by":"targetingKey","hash":"murmur3","from":0,"to":5}}'],
    [
      '{"bucket":{"salt":"s","hash":"djb2","by":"b","from":1,"to":5}}',
      '{"bucket":{"by":"b","salt":"s","hash":"djb2","from":1,"to":5}}',
    ],
    ['{"bucket":{"salt":null,"from":1,"to":5}}', '{"bucket":{"by":"targetingKey","hash":"murmur3","from":1,"to":5}}'],
    ['{"not":{"any":[]}}', '{"not":{"any":[]}}'],
    ["7", " wrong_type"],
    ["{}", " malformed"],
    ['{"all":[],"any":[]}', " malformed"],
    ['{"all":7}', "/all wrong_type"],
    ['{"all":[],"x":1}', "/x unknown_field"],
    ['{"not":7}', "/not wrong_type"],
    ['{"bucket":7}', "/bucket wrong_type"],
    ['{"bucket":{"from":0}}', "/bucket/to bad_range"],
    ['{"bucket":{"from":9,"to":5}}', "/bucket bad_range"],
    ['{"bucket":{"from":0,"to":100001}}', "/bucket/to bad_range"],
    ['{"bucket":{"from":0,"to":5,"hash":"md5"}}', "/bucket/hash malformed"],
    ['{"bucket":{"from":0,"to":5,"by":7}}', "/bucket/by wrong_type"],
    ['{"op":"is","attribute":"a","values":[null]}', "/values/0 wrong_type"],
    ['{"op":"is","attribute":"a","values":[],"x":1}', "/x unknown_field"],
    ['{"op":"is","values":[]}', "/attribute missing"],
    ['{"op":7,"values":[]}', "/op wrong_type"],
    ['{"op":"is","attribute":"a","ignore_case":1}', "/ignore_case wrong_type"],
    ['{"op":"in_segment","values":["s"],"attribute":"a"}', "/attribute unknown_field"],
  ];
  for (const [text, expected] of table) expect([text, condition(text)]).toEqual([text, expected]);
});

test("serves in stored form, or what is wrong with them", () => {
  const table: [string, string][] = [
    ['{"variation":"on"}', '{"variation":"on"}'],
    [
      '{"split":{"ranges":[[0,5,"on"]],"otherwise":"off"}}',
      '{"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,5,"on"]],"otherwise":"off"}}',
    ],
    ["7", " wrong_type"],
    ["{}", " malformed"],
    ['{"variation":"on","split":{}}', " malformed"],
    ['{"variation":"on","x":1}', "/x unknown_field"],
    ['{"variation":7}', "/variation wrong_type"],
    ['{"split":7}', "/split wrong_type"],
    ['{"split":{"x":1}}', "/split/x unknown_field"],
    ['{"split":{"ranges":[[0,5]]}}', "/split/ranges/0 malformed"],
    ['{"split":{"ranges":[[0,5,7]]}}', "/split/ranges/0 wrong_type"],
    ['{"split":{"ranges":[[0,5.5,"on"]]}}', "/split/ranges/0 bad_range"],
  ];
  for (const [text, expected] of table) expect([text, serve(text)]).toEqual([text, expected]);
  expect(orRefusal(() => storedServe(undefined, "/s"))).toMatchObject({ refusal: { code: "missing" } });
  expect(() =>
    orRefusal(() => {
      throw new TypeError("a bug");
    }),
  ).toThrow("a bug");
});
