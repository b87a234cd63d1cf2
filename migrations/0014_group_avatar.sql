-- The avatar of a group: the address of a picture, which belongs to the app's back end like `custom` (group REST API, later revisions).
-- Empty for none.
ALTER TABLE "group" ADD COLUMN avatar TEXT NOT NULL DEFAULT '' CHECK (length(avatar) <= 1024);
