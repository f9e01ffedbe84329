-- The relays that a report came through, the one next to the control plane first; empty: the relay reported itself.
ALTER TABLE relay_status ADD COLUMN path text[] NOT NULL DEFAULT '{}';
