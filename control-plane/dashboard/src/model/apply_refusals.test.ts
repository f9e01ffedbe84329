import { expect, test } from "vitest";
import { applyToConfig } from "./apply_config";
import type { ConfigInstruction } from "./instructions";
import { parseJson } from "./json";
import { colours, options } from "./testing_flags";

const list = (text: string): ConfigInstruction[] => parseJson(`[${text}]`) as unknown as ConfigInstruction[];

function refused(text: string): string {
  const applied = applyToConfig(colours, list(`{"kind":"turn_on"},${text}`), options);
  return "refusal" in applied ? `${applied.refusal.pointer} ${applied.refusal.code}` : "accepted";
}

const rule = '{"kind":"add_rule","when":{"all":[]},"serve":{"variation":"green"}';
const refusals: [string, string][] = [
  ['{"kind":"remove_rule","rule":"zzz"}', "/rule unknown_rule"],
  ['{"kind":"remove_rule"}', "/rule missing"],
  ['{"kind":"remove_rule","rule":""}', "/rule missing"],
  ['{"kind":"replace_rule","rule":"r1"}', " malformed"],
  ['{"kind":"replace_rule","rule":"zzz","when":{"all":[]}}', "/rule unknown_rule"],
  ['{"kind":"move_rule","rule":"r1"}', " malformed"],
  ['{"kind":"move_rule","rule":"zzz","at":0}', "/rule unknown_rule"],
  ['{"kind":"move_rule","rule":"r1","at":0,"before":"r2"}', " malformed"],
  [`${rule},"before":"zzz"}`, "/before unknown_rule"],
  [`${rule},"after":"zzz"}`, "/after unknown_rule"],
  [`${rule},"at":3}`, "/at out_of_range"],
  [`${rule},"at":1.5}`, "/at wrong_type"],
  [`${rule},"id":"r1"}`, "/id already_there"],
  [`${rule},"id":"no id"}`, "/id bad_key"],
  [`${rule},"id":7}`, "/id wrong_type"],
  ['{"kind":"add_rule","serve":{"variation":"red"}}', "/when missing"],
  ['{"kind":"add_rule","when":{"all":[]}}', "/serve missing"],
  ['{"kind":"reorder_rules","rules":["r1"]}', "/rules missing"],
  ['{"kind":"reorder_rules","rules":["r1","r1"]}', "/rules/1 duplicate"],
  ['{"kind":"reorder_rules","rules":["r1","zzz"]}', "/rules/1 unknown_rule"],
  ['{"kind":"reorder_rules","rules":["r1","r2","r1"]}', "/rules too_many"],
  ['{"kind":"reorder_rules"}', "/rules missing"],
  ['{"kind":"add_rule","when":"country is \'DE\'","serve":{"variation":"red"}}', "/when bad_rule"],
  ['{"kind":"replace_rule","rule":"r2","serve":{"colour":"red"}}', "/serve malformed"],
  ['{"kind":"set_weights","rule":"zzz","weights":[]}', "/rule unknown_rule"],
  ['{"kind":"set_weights"}', "/weights missing"],
  ['{"kind":"set_weights","weights":7}', "/weights wrong_type"],
  ['{"kind":"set_weights","weights":[7]}', "/weights/0 wrong_type"],
  ['{"kind":"set_weights","weights":[{"weight":1}]}', "/weights/0/variation missing"],
  ['{"kind":"set_weights","weights":[{"variation":7,"weight":1}]}', "/weights/0/variation wrong_type"],
  ['{"kind":"set_weights","weights":[{"variation":"red"}]}', "/weights/0/weight missing"],
  ['{"kind":"set_weights","weights":[{"variation":"red","weight":"1"}]}', "/weights/0/weight bad_weight"],
  ['{"kind":"set_weights","weights":[{"variation":"red","weight":1,"x":1}]}', "/weights/0/x unknown_field"],
  ['{"kind":"set_weights","rule":"r1","weights":[{"variation":"blue","weight":101}]}', "/weights/0/weight bad_weight"],
  ['{"kind":"set_weights","weights":[{"variation":"pink","weight":1}]}', "/weights/0/variation unknown_reference"],
  [
    '{"kind":"set_weights","weights":[{"variation":"red","weight":60},{"variation":"blue","weight":60}]}',
    "/weights bad_weight",
  ],
  [
    '{"kind":"set_weights","weights":[{"variation":"red","weight":6},{"variation":"red","weight":6}]}',
    "/weights/1/variation duplicate",
  ],
  ['{"kind":"set_fallthrough"}', " malformed"],
  ['{"kind":"set_fallthrough","variation":"red","split":{}}', " malformed"],
  ['{"kind":"set_fallthrough","variation":7}', "/variation wrong_type"],
  ['{"kind":"set_fallthrough","split":{"weights":[],"ranges":[]}}', "/split/weights malformed"],
  ['{"kind":"set_off"}', "/variation missing"],
  ['{"kind":"set_off","variation":7}', "/variation wrong_type"],
  ['{"kind":"add_targets","variation":"red","values":["zoe","ann"]}', "/values/1 already_there"],
  ['{"kind":"replace_targets","variation":"red","values":["ann"]}', "/values/0 already_there"],
  ['{"kind":"add_targets","values":["zoe"]}', "/variation missing"],
  ['{"kind":"add_targets","variation":"red"}', "/values missing"],
  ['{"kind":"add_targets","variation":"red","values":[]}', "/values missing"],
  ['{"kind":"remove_targets","variation":"red","values":[7]}', "/values/0 wrong_type"],
  ['{"kind":"replace_targets","variation":"red"}', "/values missing"],
  ['{"kind":"replace_targets","variation":"red","values":"ann"}', "/values wrong_type"],
  ['{"kind":"add_targets","variation":"red","attribute":"","values":["zoe"]}', "/attribute missing"],
  ['{"kind":"add_prerequisite","flag":"p","variations":["on"]}', "/flag already_there"],
  ['{"kind":"add_prerequisite","flag":"q"}', "/variations missing"],
  ['{"kind":"replace_prerequisite","flag":"q","variations":["on"]}', "/flag unknown_prerequisite"],
  ['{"kind":"remove_prerequisite","flag":"q"}', "/flag unknown_prerequisite"],
  ['{"kind":"remove_prerequisite"}', "/flag missing"],
  ["7", " wrong_type"],
  ["{}", "/kind missing"],
  ['{"kind":7}', "/kind wrong_type"],
  ['{"kind":"archive"}', "/kind unknown_kind"],
  ['{"kind":"toString"}', "/kind unknown_kind"],
  ['{"kind":"turn_on","speed":1}', "/speed unknown_field"],
];
test("every refusal has its place", () => {
  for (const [text, place] of refusals) expect([text, refused(text)]).toEqual([text, `/instructions/1${place}`]);
  expect(applyToConfig(colours, [], options)).toMatchObject({ refusal: { pointer: "/instructions", code: "limit" } });
  const many = Array.from({ length: 201 }, (): ConfigInstruction => ({ kind: "turn_on" }));
  expect(applyToConfig(colours, many, options)).toMatchObject({ refusal: { code: "limit" } });
});
