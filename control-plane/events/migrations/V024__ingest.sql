-- A row of the present minute is changed by every write of its organisation. With room on its page the new version stays there and
-- no index is touched. For new pages only.
ALTER TABLE evaluation_counts SET (fillfactor = 60);
ALTER TABLE event_days SET (fillfactor = 20);
