-- Exports in several formats, and those that a job made: such a row names its job, which is how the file is found.

ALTER TABLE export ADD COLUMN format TEXT NOT NULL DEFAULT 'csv' CHECK (format IN ('csv', 'xlsx', 'jsonl'));
ALTER TABLE export ADD COLUMN list TEXT NOT NULL DEFAULT 'accounts'
    CHECK (list IN ('accounts', 'groups', 'members', 'messages', 'events'));
ALTER TABLE export ADD COLUMN row_count INTEGER NOT NULL DEFAULT 0 CHECK (row_count >= 0);
ALTER TABLE export ADD COLUMN cut INTEGER NOT NULL DEFAULT 0 CHECK (cut >= 0);
ALTER TABLE export ADD COLUMN job_id INTEGER; -- NULL: made within a request

CREATE UNIQUE INDEX export_job ON export (job_id) WHERE job_id IS NOT NULL;
