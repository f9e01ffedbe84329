import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { list, oneOf, parseSearch, text, validate, writeSearch } from "./search";

const schema = { q: text, cols: list, as: oneOf("tree", "text") };

describe("search parameters", () => {
  it("survive being written and read", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1 }),
        fc.uniqueArray(fc.stringMatching(/^[a-z-]+$/), { minLength: 1 }),
        (q, cols) => {
          const read = validate(schema, parseSearch(writeSearch({ q, cols })));
          expect(read).toEqual({ q, cols });
        },
      ),
    );
  });
  it("are written so that people can read them", () => {
    expect(writeSearch({ q: "tag:checkout state:on@production" })).toBe("?q=tag:checkout+state:on@production");
  });
  it("that do not fit are left out", () => {
    expect(validate(schema, parseSearch("?as=picture&q=&other=1"))).toEqual({});
    expect(validate(schema, parseSearch("?as=text"))).toEqual({ as: "text" });
  });
  it("leave no question mark when there are none", () => {
    expect(writeSearch({ q: undefined, cols: [] })).toBe("");
  });
});
