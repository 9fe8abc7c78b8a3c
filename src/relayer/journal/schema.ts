/**
 * The journal's tables, as the steps that lead from one version to the next; PRAGMA user_version counts them. Only ever append.
 *
 * intent: something to be recorded on chain, once for each key. attempt: a signed transaction for it; those of one nonce replace
 * each other, so that at most one of them is ever in a block. Amounts in wei are text: they may exceed 2^53.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE intent (
     key TEXT PRIMARY KEY,
     kind TEXT NOT NULL CHECK (kind IN ('announce', 'draw', 'register', 'attest', 'fill')),
     subject TEXT NOT NULL,
     actor TEXT NOT NULL,
     chain INTEGER NOT NULL,
     registry TEXT NOT NULL,
     recipient TEXT NOT NULL,
     data TEXT NOT NULL,
     verdict TEXT CHECK (verdict IN ('valid', 'invalid')),
     run TEXT,
     state TEXT NOT NULL DEFAULT 'intended' CHECK
       (state IN ('intended', 'found', 'signed', 'sent', 'mined', 'confirmed', 'failed')),
     nonce INTEGER,
     reason TEXT,
     refused_since INTEGER,
     reverts INTEGER NOT NULL DEFAULT 0,
     mined_hash TEXT,
     mined_block INTEGER,
     mined_block_hash TEXT,
     version INTEGER NOT NULL DEFAULT 0,
     created_at INTEGER NOT NULL,
     changed_at INTEGER NOT NULL,
     CHECK ((state IN ('signed', 'sent', 'mined')) <= (nonce IS NOT NULL))
   ) STRICT;
   CREATE UNIQUE INDEX intent_nonce ON intent (chain, actor, nonce)
     WHERE state IN ('signed', 'sent', 'mined');
   CREATE UNIQUE INDEX intent_run ON intent (chain, registry, actor, run)
     WHERE run IS NOT NULL AND state <> 'failed';
   CREATE INDEX intent_state ON intent (chain, actor, state);
   CREATE TABLE attempt (
     key TEXT NOT NULL REFERENCES intent (key),
     number INTEGER NOT NULL,
     nonce INTEGER NOT NULL,
     hash TEXT NOT NULL,
     raw TEXT NOT NULL,
     gas TEXT NOT NULL,
     max_fee TEXT NOT NULL,
     max_tip TEXT NOT NULL,
     signed_at INTEGER NOT NULL,
     signed_block INTEGER NOT NULL,
     sent_at INTEGER,
     PRIMARY KEY (key, number)
   ) STRICT;
   CREATE INDEX attempt_hash ON attempt (hash);`,
  // Verdicts on samples.
  `ALTER TABLE intent ADD COLUMN said TEXT CHECK (said IN ('valid', 'invalid', 'sampled'));
   UPDATE intent SET said = verdict;
   ALTER TABLE intent DROP COLUMN verdict;
   ALTER TABLE intent RENAME COLUMN said TO verdict;`,
];
