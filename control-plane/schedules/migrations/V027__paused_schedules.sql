-- A schedule can be paused. Paused ones count as kept, so that they cannot grow without bounds.
ALTER TABLE schedules DROP CONSTRAINT schedules_state_check;
ALTER TABLE schedules ADD CONSTRAINT schedules_state_check
    CHECK (state IN ('active', 'paused', 'done', 'failed', 'cancelled'));
DROP INDEX schedules_active;
CREATE INDEX schedules_kept ON schedules (org_id) WHERE state IN ('active', 'paused');
