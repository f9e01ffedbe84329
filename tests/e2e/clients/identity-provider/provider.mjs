// An identity provider on loopback: oidc-provider with the accounts and keys of a file, which is read at the start.
// node provider.mjs MODULES CONFIG, with {"port","client_id","client_secret","redirect_uris","keys":[JWK],"accounts":{id:{claims}}}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const entry = createRequire(`${modules}/package.json`).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(entry));
const config = JSON.parse(readFileSync(file, "utf8"));

const provider = new Provider(`http://127.0.0.1:${config.port}`, {
  clients: [{
    client_id: config.client_id,
    client_secret: config.client_secret,
    redirect_uris: config.redirect_uris,
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  jwks: { keys: config.keys },
  cookies: { keys: ["of a test"] },
  claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false, // scopes give claims in the ID token
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } }, // forms that take any password
  findAccount: (_, id) => config.accounts[id] && {
    accountId: id,
    claims: () => ({ sub: id, ...config.accounts[id] }),
  },
});
provider.listen(config.port, "127.0.0.1", () => console.log("listening"));
