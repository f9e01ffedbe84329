import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hiddenFor, initialStream, type StreamAction, type StreamEvent, stepStream } from "./stream";

function run(events: readonly StreamEvent[]) {
  const actions: StreamAction[] = [];
  let state = initialStream;
  for (const event of events) {
    const next = stepStream(state, event);
    state = next.state;
    actions.push(next.action);
  }
  return { state, actions };
}

describe("the stream of changes", () => {
  it("is opened when the page is shown, and live when it is open", () => {
    const { state, actions } = run([{ kind: "shown" }, { kind: "opened" }]);
    expect(actions).toEqual(["open", "none"]);
    expect(state.mark).toBe("live");
  });
  it("is closed half a minute after the page is hidden, and not before", () => {
    const start: StreamEvent[] = [{ kind: "shown" }, { kind: "opened" }, { kind: "hidden", at: 0 }];
    expect(run([...start, { kind: "tick", at: hiddenFor - 1 }]).actions.at(-1)).toBe("none");
    expect(run([...start, { kind: "tick", at: hiddenFor }]).actions.at(-1)).toBe("close");
  });
  it("is opened again when the page is shown again", () => {
    const events: StreamEvent[] = [
      { kind: "shown" },
      { kind: "opened" },
      { kind: "hidden", at: 0 },
      { kind: "tick", at: hiddenFor },
    ];
    expect(run([...events, { kind: "shown" }]).actions.at(-1)).toBe("open");
  });
  it("outlives one failure without a change of the mark, and asks every 15 s after three", () => {
    const fail: StreamEvent[] = [{ kind: "failed" }, { kind: "tick", at: 0 }];
    const live: StreamEvent[] = [{ kind: "shown" }, { kind: "opened" }];
    expect(run([...live, ...fail]).state.mark).toBe("live");
    const polling = run([...live, ...fail, ...fail, ...fail]);
    expect(polling.state.mark).toBe("polling");
    expect(run([...live, ...fail, ...fail, ...fail, { kind: "opened" }]).state.mark).toBe("live");
  });
  it("is never opened twice, and never while the page is hidden", () => {
    const event = fc.oneof(
      fc.constant<StreamEvent>({ kind: "opened" }),
      fc.constant<StreamEvent>({ kind: "failed" }),
      fc.constant<StreamEvent>({ kind: "shown" }),
      fc.nat(100_000).map((at): StreamEvent => ({ kind: "hidden", at })),
      fc.nat(200_000).map((at): StreamEvent => ({ kind: "tick", at })),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let state = initialStream;
        let isHeld = false;
        for (const next of events) {
          if (next.kind === "opened" && !isHeld) continue; // of no stream
          const { state: after, action } = stepStream(state, next);
          if (action === "open") {
            expect(isHeld).toBe(false);
            expect(after.isVisible).toBe(true);
            isHeld = true;
          }
          if (action === "close") isHeld = false;
          state = after;
        }
      }),
    );
  });
});
