-- The key that was rotated into this one; empty: none.
ALTER TABLE api_keys ADD COLUMN replaces text NOT NULL DEFAULT '';
