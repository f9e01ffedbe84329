-- Where a part of a batch is stored, the batch and the parts that it lies in have rows too: they were divided, so that none of
-- them is stored as a whole after that.
ALTER TABLE event_batches ADD COLUMN divided boolean NOT NULL DEFAULT false;
