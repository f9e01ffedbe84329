import decodeQR from "qr/decode.js";
import { expect, it } from "vitest";
import { qrPath } from "./qr_path";

// What a camera would see of the path.
function seen({ size, d }: ReturnType<typeof qrPath>, scale: number) {
  const side = size * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x, y, run] of d.matchAll(/M(\d+) (\d+)h(\d+)/g))
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++)
      for (let column = Number(x) * scale; column < (Number(x) + Number(run)) * scale; column++)
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
  return { width: side, height: side, data };
}

it.each([
  "otpauth://totp/Fanion:ana%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Fanion",
  `otpauth://totp/${"Z%C3%BCrich".repeat(20)}?secret=AAAA`,
  "x",
])("a camera reads %s from the drawn code", (text) => {
  expect(decodeQR(seen(qrPath(text), 4))).toBe(text);
});
