-- A state file of version 3 as its worker left it when it was killed. Never edit: it stands for files out there.
PRAGMA application_id = 1953850476;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE clients (
    name TEXT PRIMARY KEY,                   -- [S]
    cursor INTEGER NOT NULL                  -- [S] last event acknowledged
) STRICT, WITHOUT ROWID;
INSERT INTO "clients" VALUES('screen',1);
CREATE TABLE control (                       -- one row: what front ends ask of the worker as a whole
    id INTEGER PRIMARY KEY CHECK (id = 1),
    held INTEGER NOT NULL DEFAULT 0,         -- [S] 1: nothing runs until somebody asks again
    retire_instance TEXT                     -- [S] the worker of this instance is asked to leave
, bytes_per_second_max INTEGER, adjusted INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "control" VALUES(1,0,NULL,2000000,3);
CREATE TABLE counter (                       -- one row: numbers the writing transactions
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL                -- [*] last revision given out
) STRICT;
INSERT INTO "counter" VALUES(1,3);
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
, checksum_algorithm TEXT, checksum_value TEXT, checksum_url TEXT, queue_place INTEGER) STRICT;
INSERT INTO "downloads" VALUES(1,1,'https://example.com/a.iso','/home/me/Downloads',NULL,'[]',NULL,NULL,0,0,1000.0,'tuidl add','run',1,0,1,'completed',NULL,NULL,NULL,NULL,NULL,NULL,'a.iso',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,10000,10000,'','',NULL,0.0,0,'proven',1,0,0,0,NULL,0,NULL,NULL,NULL,NULL,NULL,1001.0,1002.0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "downloads" VALUES(2,2,'https://example.com/b.iso','/home/me/Downloads',NULL,'[]',NULL,NULL,0,0,1000.0,'tuidl add','remove',2,0,2,'queued',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'','',NULL,0.0,0,'unknown',0,0,0,0,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1500.0,NULL,NULL,NULL,NULL);
INSERT INTO "downloads" VALUES(3,3,'https://example.com/c.iso','/home/me/Downloads',NULL,'[["X-Test", "1"]]',NULL,NULL,0,0,1000.0,'tuidl add','run',1,0,1,'waiting','connection-lost','connection lost',NULL,1100.0,2.0,1090.0,'c.iso',NULL,'/home/me/Downloads/c.iso.part','"v1"','Tue, 14 Nov 2023 22:13:20 GMT','Wed, 15 Nov 2023 22:13:20 GMT','https://cdn.example.com/c.iso',1,2,4096,10000,'0-4096','','boot-1',0.0,0,'proven',1,0,1,4096,1090.0,0,'cdn.example.com',NULL,NULL,NULL,NULL,1080.0,NULL,NULL,'sha-256','ab','https://example.com/SUMS',1);
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,  -- [W]
    download_id INTEGER,                     -- [W]
    kind TEXT NOT NULL,                      -- [W]
    at REAL NOT NULL,                        -- [W] Unix seconds
    fields TEXT NOT NULL                     -- [W] JSON object
) STRICT;
INSERT INTO "events" VALUES(1,1,'finished',1002.0,'{"path": "/home/me/Downloads/a.iso"}');
INSERT INTO "events" VALUES(2,3,'waiting',1090.0,'{"reason": "connection-lost"}');
CREATE TABLE origins (
    origin TEXT PRIMARY KEY,                 -- [W] scheme, host and port
    connections INTEGER NOT NULL,            -- [W] how many worked best
    learned_at REAL NOT NULL                 -- [W] Unix seconds
) STRICT, WITHOUT ROWID;
INSERT INTO "origins" VALUES('https://example.com',4,1090.0);
CREATE TABLE worker (                        -- one row: who works; instance NULL when nobody does
    id INTEGER PRIMARY KEY CHECK (id = 1),
    instance TEXT,                           -- [L] random name of this run of the worker
    pid INTEGER,                             -- [L]
    process_started TEXT,                    -- [L] start time of that pid, in the system's own words
    version TEXT,                            -- [L] program version
    started_at REAL                          -- [L] Unix seconds
) STRICT;
INSERT INTO "worker" VALUES(1,'0123456789abcdef',999999999,'1','0.1.0',1000.0);
CREATE INDEX downloads_by_revision ON downloads (revision);
CREATE INDEX downloads_by_url ON downloads (url);
CREATE INDEX downloads_with_work ON downloads (id)
    WHERE intent_number > acted_number
       OR (intent = 'run' AND state IN ('queued', 'connecting', 'transferring', 'verifying', 'waiting'));
CREATE INDEX events_by_download ON events (download_id, sequence);
CREATE INDEX downloads_by_name ON downloads (directory) WHERE state <> 'completed' AND filename <> '';
CREATE INDEX downloads_owing_a_digest ON downloads (id)
    WHERE digest_algorithm IS NOT NULL AND digest_value IS NULL;
CREATE INDEX downloads_by_place ON downloads (queue_place) WHERE queue_place IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('downloads',3);
INSERT INTO "sqlite_sequence" VALUES('events',2);
COMMIT;
