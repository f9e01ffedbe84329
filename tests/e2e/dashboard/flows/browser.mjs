// Debian's Chromium for all flows of a stack, each of which has contexts of its own: node browser.mjs -> where it listens. Ends with
// its standard input. Debian's settings ask for a graphics processor, which would be imitated here.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../../control-plane/dashboard/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const args = ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer", "--disable-gpu-compositing"];
const server = await chromium.launchServer({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args, host: "127.0.0.1" });
console.log(server.wsEndpoint());
process.stdin.resume();
process.stdin.on("end", () => server.close().then(() => process.exit(0)));
