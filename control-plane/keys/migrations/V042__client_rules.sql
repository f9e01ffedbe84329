-- Client keys that may have the rules of flags marked `client`, to evaluate in the browser.
ALTER TABLE api_keys ADD COLUMN rules boolean NOT NULL DEFAULT false;
