-- A change of organisation by a decision: prepared, confirmed, done, taken back. `request` is what was asked for, by the codes of units;
-- `journal` names the rows that it made and what stood in those it changed, by which it is taken back whole.
CREATE TABLE unit_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('merge', 'split', 'rename', 'move', 'end', 'transfer')),
  state TEXT NOT NULL CHECK (state IN ('draft', 'staging', 'done', 'undone', 'discarded')),
  effective_on DATE NOT NULL,
  legal_number TEXT NOT NULL,
  legal_date DATE NOT NULL,
  legal_issuer TEXT NOT NULL,
  request TEXT NOT NULL,
  -- The hash of what the preview showed when it was confirmed.
  basis TEXT NOT NULL,
  -- The roles to be passed on, by the ids of their grants, as JSON.
  roles TEXT NOT NULL,
  journal TEXT NOT NULL,
  -- People who pass on: to be noted, and noted so far.
  total BIGINT NOT NULL CHECK (total >= 0),
  noted BIGINT NOT NULL CHECK (noted >= 0),
  created_at TEXT NOT NULL,
  created_by BIGINT REFERENCES people (id),
  confirmed_at TEXT,
  confirmed_by BIGINT REFERENCES people (id),
  -- The tree had changed between the confirmation and the work, so it waits to be looked at again.
  returned_at TEXT,
  done_at TEXT,
  undo_until TEXT,
  undone_at TEXT,
  undone_by BIGINT REFERENCES people (id),
  CHECK ((state IN ('done', 'undone')) = (done_at IS NOT NULL)),
  CHECK ((state = 'undone') = (undone_at IS NOT NULL))
);
CREATE INDEX unit_changes_state ON unit_changes (state, id);
-- Which units a change is about, and as what. By code: a unit that an undone change had begun is gone again.
CREATE TABLE unit_change_units (
  change_id BIGINT NOT NULL REFERENCES unit_changes (id),
  unit_code TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('ended', 'begun', 'moved', 'into', 'parent')),
  PRIMARY KEY (change_id, unit_code, part)
);
CREATE INDEX unit_change_units_code ON unit_change_units (unit_code, change_id);
-- By which decision a membership began: a change of organisation that passed it on from another, or a document.
ALTER TABLE memberships ADD COLUMN change_id BIGINT REFERENCES unit_changes (id);
ALTER TABLE memberships ADD COLUMN continues_id BIGINT REFERENCES memberships (id);
ALTER TABLE memberships ADD COLUMN decision TEXT;
CREATE INDEX memberships_change ON memberships (change_id);
CREATE INDEX memberships_continues ON memberships (continues_id);
-- The memberships that pass on with a change, noted piece by piece before it happens, each with where it was and its last day.
-- Without references to people, so that an account can be withdrawn and a person erased.
CREATE TABLE membership_transfers (
  change_id BIGINT NOT NULL REFERENCES unit_changes (id),
  membership_id BIGINT NOT NULL,
  unit_id BIGINT NOT NULL REFERENCES units (id),
  was_to DATE,
  PRIMARY KEY (change_id, membership_id)
);
CREATE INDEX membership_transfers_membership ON membership_transfers (membership_id);
