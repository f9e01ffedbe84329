// A second factor: set up, asked for at sign-in, required of everybody, and taken off again.
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { assert, given, inBrowser, isForgotten, openMe, signIn, to } from "./flow.mjs";

const require = createRequire(new URL("../../../../control-plane/dashboard/package.json", import.meta.url));
const decodeQR = require("qr/decode.js").default;

// The code of a secret in base32 at a time (RFC 6238).
function codeOf(secret, at) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const begin = digest[19] & 15;
  return String((digest.readUInt32BE(begin) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// What a camera reads of a code that is drawn as runs of dark squares.
function readCode(drawn, size) {
  const scale = 4;
  const side = size * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x, y, run] of drawn.matchAll(/M(\d+) (\d+)h(\d+)/g))
    for (let row = y * scale; row < (Number(y) + 1) * scale; row++)
      data.fill(0, (row * side + x * scale) * 4, (row * side + (Number(x) + Number(run)) * scale) * 4);
  return decodeQR({ width: side, height: side, data });
}

const credentials = { email: given.member, password: given.password };

async function password(page) {
  await page.getByLabel("E-mail").fill(credentials.email);
  await page.getByLabel("Password", { exact: true }).fill(credentials.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signOut(page) {
  await openMe(page);
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("E-mail").waitFor();
}

await inBrowser(
  async (page) => {
    await signIn(page, "/-/me/profile", credentials);
    await page.getByRole("button", { name: "Set up a second factor" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Password", { exact: true }).fill("not the password at all");
    await dialog.getByRole("button", { name: "Set up a second factor" }).click();
    await dialog.locator('input[aria-invalid="true"]').waitFor();
    await dialog.getByLabel("Password", { exact: true }).fill(given.password);
    await dialog.getByRole("button", { name: "Set up a second factor" }).click();
    const drawn = dialog.getByRole("img", { name: "The secret below, to be scanned" });
    const seen = readCode(await drawn.locator("[data-code]").getAttribute("d"), Number((await drawn.getAttribute("viewBox")).split(" ")[2]));
    const secret = (await dialog.getByText(/^[A-Z2-7]{32}$/).textContent()).trim();
    assert.match(seen, /^otpauth:\/\/totp\//);
    assert.equal(new URL(seen).searchParams.get("secret"), secret);
    const now = Date.now();
    await dialog.getByLabel("Code").fill("000000");
    await dialog.getByRole("button", { name: "Put it in force" }).click();
    await dialog.locator('input[aria-invalid="true"]').waitFor();
    await dialog.getByLabel("Code").fill(codeOf(secret, now));
    await dialog.getByRole("button", { name: "Put it in force" }).click();
    const codes = (await dialog.locator("code").filter({ hasText: /-/ }).first().textContent()).trim().split(/\s+/);
    assert.equal(codes.length, 10);
    await dialog.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText(/10 recovery codes are left/).waitFor();
    await isForgotten(page, secret);
    await isForgotten(page, codes[0]);

    await signOut(page);
    await password(page);
    await page.getByLabel("Code").fill("000000");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.locator('input[aria-invalid="true"]').waitFor();
    await page.getByLabel("Code").fill(codeOf(secret, now + 30_000)); // each is taken once; the next one is valid already
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: "You" }).waitFor();

    await signOut(page);
    await password(page);
    await page.getByLabel("Code").fill(codes[0]);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: "You" }).waitFor();
    await page.goto(to("/-/me/profile"));
    await page.getByText(/9 recovery codes are left/).waitFor();
    await page.getByRole("button", { name: "Remove the second factor" }).click();
    await dialog.getByLabel("Code").fill(codes[1]);
    await dialog.getByRole("button", { name: "Remove the second factor" }).click();
    await page.getByRole("button", { name: "Set up a second factor" }).waitFor();

    // Whoever has none cannot require one of others.
    await signOut(page);
    await signIn(page, `/${given.org}/-/sign-in`);
    await page.getByText("Required", { exact: true }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").waitFor();
  },
  { allowed: ["400 /second-factor", "400 /confirm", "401 ", "409 /sign-in"] },
);
