-- Times are microseconds since the Unix epoch. Every key begins with the account, so that no
-- statement can reach another account's rows by accident.

CREATE TABLE guardrails (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    -- Of the ARN, as it was given out.
    partition_name TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The working draft, in a versioned format, and its SHA-256.
    config TEXT NOT NULL,
    checksum BLOB NOT NULL,
    -- The highest number ever given to a version: numbers are not used again after a deletion.
    last_version INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account, id),
    UNIQUE (account, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX guardrails_by_age ON guardrails (account, created_at DESC, id DESC);

CREATE TABLE versions (
    account TEXT NOT NULL,
    guardrail_id TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    -- The version's own; the draft's is in its configuration.
    description TEXT,
    config TEXT NOT NULL,
    checksum BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account, guardrail_id, number),
    FOREIGN KEY (account, guardrail_id) REFERENCES guardrails (account, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    account TEXT NOT NULL,
    guardrail_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account, guardrail_id, key),
    FOREIGN KEY (account, guardrail_id) REFERENCES guardrails (account, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Written in the transaction of the request that they belong to. They outlive the guardrail: a
-- repeated request gives the first result even then.
CREATE TABLE request_tokens (
    account TEXT NOT NULL,
    operation TEXT NOT NULL,
    token TEXT NOT NULL,
    -- SHA-256 of the request.
    fingerprint BLOB NOT NULL,
    guardrail_id TEXT NOT NULL,
    -- NULL for CreateGuardrail.
    version INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account, operation, token)
) STRICT, WITHOUT ROWID;

CREATE INDEX request_tokens_by_age ON request_tokens (account, created_at);

CREATE TABLE enforced_configurations (
    account TEXT NOT NULL,
    config_id TEXT NOT NULL,
    guardrail_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (account, config_id),
    FOREIGN KEY (account, guardrail_id, version)
        REFERENCES versions (account, guardrail_id, number) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;
