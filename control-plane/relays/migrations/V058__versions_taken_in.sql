-- compatible-from: V057

-- Since when a relay has the version that it reports. What it is of is written down too, because programs before this column do
-- not write either.
ALTER TABLE relay_status
    ADD COLUMN taken_version text,         -- <epoch>.<number>; null: not known
    ADD COLUMN taken_at      timestamptz;
