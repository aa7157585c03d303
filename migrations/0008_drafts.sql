-- What a person has typed into a form and not sent yet. Secret values are never in it.
CREATE TABLE draft (
    user_id   INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    form      TEXT NOT NULL,
    namespace TEXT NOT NULL,
    changed   INTEGER NOT NULL,
    body      TEXT NOT NULL CHECK (length(body) <= 65536),
    PRIMARY KEY (user_id, form, namespace)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_changed ON draft (changed);
