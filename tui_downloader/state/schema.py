"""The tables, column by column with their one writer, as numbered migrations.

Owns the file's form. Must never change a migration that was released: a new form is a new number.

Writers: `[S]` the session (front ends), `[W]` the worker (the INSERT, by the session, sets the first value),
`[L]` the holder of the worker lock, `[*]` every writing transaction.
"""

from __future__ import annotations

APPLICATION_ID = 0x7475_646C
"""`PRAGMA application_id` of a state file: the letters `tudl`."""

_VERSION_1 = """
CREATE TABLE counter (                       -- one row: numbers the writing transactions
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL                -- [*] last revision given out
) STRICT;
INSERT INTO counter VALUES (1, 0);

CREATE TABLE control (                       -- one row: what front ends ask of the worker as a whole
    id INTEGER PRIMARY KEY CHECK (id = 1),
    held INTEGER NOT NULL DEFAULT 0,         -- [S] 1: nothing runs until somebody asks again
    retire_instance TEXT                     -- [S] the worker of this instance is asked to leave
) STRICT;
INSERT INTO control (id) VALUES (1);

CREATE TABLE worker (                        -- one row: who works; instance NULL when nobody does
    id INTEGER PRIMARY KEY CHECK (id = 1),
    instance TEXT,                           -- [L] random name of this run of the worker
    pid INTEGER,                             -- [L]
    process_started TEXT,                    -- [L] start time of that pid, in the system's own words
    version TEXT,                            -- [L] program version
    started_at REAL                          -- [L] Unix seconds
) STRICT;
INSERT INTO worker (id) VALUES (1);

CREATE TABLE downloads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL,               -- [*] transaction that last wrote the row
    url TEXT NOT NULL,                       -- [S] as added, or as given anew for an expired link
    directory TEXT NOT NULL,                 -- [S]
    requested_name TEXT,                     -- [S]
    fields TEXT NOT NULL,                    -- [S] request fields, JSON list of pairs
    connections_max INTEGER,                 -- [S]
    bytes_per_second_max INTEGER,            -- [S]
    allow_insecure INTEGER NOT NULL,         -- [S]
    allow_private INTEGER NOT NULL,          -- [S]
    added_at REAL NOT NULL,                  -- [S]
    added_by TEXT NOT NULL,                  -- [S]
    intent TEXT NOT NULL,                    -- [S]
    intent_number INTEGER NOT NULL,          -- [S] rises with each verb
    delete_file INTEGER NOT NULL DEFAULT 0,  -- [S] removal deletes the finished file too
    acted_number INTEGER NOT NULL,           -- [W] last verb acted on
    state TEXT NOT NULL,                     -- [W]
    reason TEXT,                             -- [W]
    error TEXT,                              -- [W] sentence, safe to print
    http_status INTEGER,                     -- [W]
    retry_at REAL,                           -- [W] Unix seconds
    retry_delay_seconds REAL,                -- [W] the wait that remained at the last commit
    waiting_since REAL,                      -- [W] Unix seconds
    filename TEXT,                           -- [W]
    media_type TEXT,                         -- [W]
    part_path TEXT,                          -- [W]
    entity_tag TEXT,                         -- [W]
    last_modified TEXT,                      -- [W]
    response_date TEXT,                      -- [W]
    final_url TEXT,                          -- [W]
    device INTEGER,                          -- [W] of the part file
    inode INTEGER,                           -- [W] of the part file
    bytes_received INTEGER NOT NULL DEFAULT 0,   -- [W]
    bytes_expected INTEGER,                  -- [W]
    received TEXT NOT NULL DEFAULT '',       -- [W] ranges written
    synced TEXT NOT NULL DEFAULT '',         -- [W] ranges that survive a power loss
    boot_id TEXT,                            -- [W] boot in which `received` was written
    bytes_per_second REAL NOT NULL DEFAULT 0,    -- [W]
    connections INTEGER NOT NULL DEFAULT 0,  -- [W]
    resumable TEXT NOT NULL DEFAULT 'unknown',   -- [W]
    attempt INTEGER NOT NULL DEFAULT 0,      -- [W]
    restarts INTEGER NOT NULL DEFAULT 0,     -- [W]
    failures INTEGER NOT NULL DEFAULT 0,     -- [W] attempts without progress
    high_water INTEGER NOT NULL DEFAULT 0,   -- [W]
    progress_at REAL,                        -- [W] Unix seconds
    redirects INTEGER NOT NULL DEFAULT 0,    -- [W]
    final_host TEXT,                         -- [W]
    digest_algorithm TEXT,                   -- [W]
    digest_value TEXT,                       -- [W]
    digest_source TEXT,                      -- [W]
    digest_verified INTEGER,                 -- [W]
    started_at REAL,                         -- [W] Unix seconds
    finished_at REAL,                        -- [W] Unix seconds
    removed_at REAL                          -- [W] Unix seconds; a tombstone
) STRICT;
CREATE INDEX downloads_by_revision ON downloads (revision);
CREATE INDEX downloads_by_url ON downloads (url);
CREATE INDEX downloads_with_work ON downloads (id)
    WHERE intent_number > acted_number
       OR (intent = 'run' AND state IN ('queued', 'connecting', 'transferring', 'verifying', 'waiting'));

CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,  -- [W]
    download_id INTEGER,                     -- [W]
    kind TEXT NOT NULL,                      -- [W]
    at REAL NOT NULL,                        -- [W] Unix seconds
    fields TEXT NOT NULL                     -- [W] JSON object
) STRICT;
CREATE INDEX events_by_download ON events (download_id, sequence);

CREATE TABLE clients (
    name TEXT PRIMARY KEY,                   -- [S]
    cursor INTEGER NOT NULL                  -- [S] last event acknowledged
) STRICT, WITHOUT ROWID;
"""

_VERSION_2 = """
ALTER TABLE downloads ADD COLUMN checksum_algorithm TEXT;  -- [S] digest that the user expects
ALTER TABLE downloads ADD COLUMN checksum_value TEXT;      -- [S] hexadecimal
CREATE INDEX downloads_by_name ON downloads (directory) WHERE state <> 'completed' AND filename <> '';

CREATE TABLE origins (
    origin TEXT PRIMARY KEY,                 -- [W] scheme, host and port
    connections INTEGER NOT NULL,            -- [W] how many worked best
    learned_at REAL NOT NULL                 -- [W] Unix seconds
) STRICT, WITHOUT ROWID;
"""

_VERSION_3 = """
ALTER TABLE downloads ADD COLUMN checksum_url TEXT;        -- [S] where a list of digests lies; may hold secrets
ALTER TABLE downloads ADD COLUMN queue_place INTEGER;      -- [S] place in the queue; NULL is the id
ALTER TABLE control ADD COLUMN bytes_per_second_max INTEGER;  -- [S] limit of all; NULL is the setting's, 0 is none
ALTER TABLE control ADD COLUMN adjusted INTEGER NOT NULL DEFAULT 0;  -- [S] last revision of a limit or move
CREATE INDEX downloads_owing_a_digest ON downloads (id)
    WHERE digest_algorithm IS NOT NULL AND digest_value IS NULL;
CREATE INDEX downloads_by_place ON downloads (queue_place) WHERE queue_place IS NOT NULL;
"""

_VERSION_4 = """
CREATE TABLE preferences (
    name TEXT PRIMARY KEY,                   -- [S] what the screen remembers: `sort`, `cursor`
    value TEXT NOT NULL                      -- [S] in the words of whoever remembers it
) STRICT, WITHOUT ROWID;

CREATE TABLE exchanges (                     -- the last request and response; apart, so that rows stay small
    download_id INTEGER PRIMARY KEY,         -- [W]
    exchange TEXT NOT NULL                   -- [W] JSON array, secrets masked
) STRICT;

CREATE TABLE probes (                        -- looks at servers before anything is added; rows live for seconds
    id INTEGER PRIMARY KEY AUTOINCREMENT,    -- [S] inserts, and deletes what it has read; [W] deletes old ones
    url TEXT NOT NULL,                       -- [S] may hold secrets
    directory TEXT NOT NULL,                 -- [S]
    fields TEXT NOT NULL,                    -- [S] request fields, JSON list of pairs
    allow_insecure INTEGER NOT NULL,         -- [S]
    allow_private INTEGER NOT NULL,          -- [S]
    asked_at REAL NOT NULL,                  -- [S] Unix seconds
    answered_at REAL,                        -- [W] Unix seconds
    answer TEXT                              -- [W] JSON object, without secrets
) STRICT;

ALTER TABLE worker ADD COLUMN hooked INTEGER;  -- [L] last event whose hook is over; NULL while there are no hooks

CREATE INDEX events_outcomes ON events (sequence)  -- in the words of `journal`, which asks for them
    WHERE kind IN ('failed', 'finished', 'hook-failed', 'renamed', 'started-over')
       OR (kind IN ('started', 'resumed') AND json_extract(fields, '$.waited_seconds') > 300.0);
"""

MIGRATIONS: tuple[str, ...] = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4)
"""Scripts that lead from each version to the next; version n is reached after the first n."""

VERSION = len(MIGRATIONS)
"""The form this program reads and writes (`PRAGMA user_version`)."""
