#!/usr/bin/env python3
"""Statements that check_migrations must find, and those that it must let pass."""
import importlib.machinery
import importlib.util
import pathlib
import unittest

PATH = pathlib.Path(__file__).with_name("check_migrations")
loader = importlib.machinery.SourceFileLoader("check_migrations", str(PATH))
lint = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_migrations", loader))
loader.exec_module(lint)

FOUND = {
    "rewrites": [
        "ALTER TABLE flags ALTER COLUMN version TYPE bigint", "alter table flags alter version set data type numeric",
        "ALTER TABLE flags ADD COLUMN u uuid DEFAULT gen_random_uuid()", "ALTER TABLE flags ADD no bigserial",
        "ALTER TABLE flags ADD COLUMN no bigint GENERATED ALWAYS AS IDENTITY",
        "ALTER TABLE flags ADD COLUMN low text GENERATED ALWAYS AS (lower(key)) STORED",
        "ALTER TABLE flags ADD COLUMN a int, ADD COLUMN at timestamptz DEFAULT clock_timestamp()",
        "ALTER TABLE flags SET UNLOGGED", "CLUSTER flags USING flags_pkey", "VACUUM FULL flags",
        "DO $$ BEGIN ALTER TABLE flags ALTER COLUMN version TYPE bigint; END $$",
        "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ALTER COLUMN x TYPE int', t); END $$",
    ],
    "scans": [
        "ALTER TABLE flags ALTER COLUMN owner SET NOT NULL", "ALTER TABLE flags ADD CONSTRAINT c CHECK (version > 0)",
        "ALTER TABLE flags ADD CHECK (version > 0)", "ALTER TABLE flags ADD COLUMN n int CHECK (n > 0)",
        "ALTER TABLE flags ADD COLUMN p text REFERENCES projects", "ALTER TABLE flags ADD CONSTRAINT u UNIQUE (key)",
        "ALTER TABLE flags ADD FOREIGN KEY (p) REFERENCES projects", "ALTER TABLE flags ADD PRIMARY KEY (key)",
        "ALTER TABLE days ATTACH PARTITION day FOR VALUES FROM (1) TO (2)",
        "ALTER TABLE flags ADD CONSTRAINT c CHECK (version > 0) NOT VALID; ALTER TABLE flags VALIDATE CONSTRAINT c",
    ],
    "locks": [
        "CREATE INDEX ON exposures (org_id)", "CREATE UNIQUE INDEX IF NOT EXISTS one ON fanion.flags USING btree (key)",
        "REINDEX TABLE flags", "LOCK TABLE flags",
    ],
    "backfills": [
        "UPDATE flags SET owner = ''", "UPDATE flags AS f SET owner = '' WHERE f.owner IS NULL", "DELETE FROM flags WHERE key = 'a'",
        "WITH old AS (SELECT 1) DELETE FROM flags", "TRUNCATE flags",
    ],
    "removes": [
        "DROP TABLE flags", "DROP FUNCTION IF EXISTS purge_expired()", "ALTER TABLE flags DROP COLUMN owner",
        "ALTER TABLE flags DROP owner", "ALTER TABLE flags RENAME COLUMN owner TO team", "ALTER TABLE flags RENAME TO flag",
        "ALTER FUNCTION f(int) RENAME TO g", "ALTER TABLE flags ALTER COLUMN owner DROP DEFAULT",
        "ALTER TABLE flags ADD COLUMN team text NOT NULL", "REVOKE SELECT ON flags FROM fanion_app",
        "ALTER TABLE flags DROP CONSTRAINT flags_pkey", "DROP INDEX flags_key",
    ],
}
PASSED = [
    "ALTER TABLE flags ADD COLUMN team text", "ALTER TABLE flags ADD COLUMN team text NOT NULL DEFAULT ''",
    "ALTER TABLE flags ADD COLUMN at timestamptz NOT NULL DEFAULT now(), ADD COLUMN n int",
    "ALTER TABLE flags ADD CONSTRAINT c CHECK (version > 0) NOT VALID",
    "ALTER TABLE flags ADD CONSTRAINT u UNIQUE USING INDEX flags_u",
    "CREATE TABLE new (a int PRIMARY KEY REFERENCES flags, b text NOT NULL); CREATE INDEX ON new (a); UPDATE new SET a = 1",
    "CREATE INDEX ON ONLY exposures (org_id)", "CREATE TABLE new (a int); REVOKE ALL ON new FROM PUBLIC, fanion_app", "INSERT INTO flags (key) SELECT 'a'",
    "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM flags; UPDATE flags SET a = 1 $$",
    "COMMENT ON TABLE flags IS 'DROP TABLE flags; UPDATE flags SET a = 1'", "-- DROP TABLE flags;",
    "ALTER TABLE flags SET (fillfactor = 60)", "ALTER TABLE flags ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    "REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup", "REVOKE ALL ON FUNCTION f() FROM PUBLIC", "SET LOCAL ROLE fanion_lookup",
    "CREATE TRIGGER t AFTER UPDATE ON flags FOR EACH ROW EXECUTE FUNCTION f()", "GRANT SELECT, DELETE ON flags TO fanion_app",
    "DO $$ BEGIN EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f); END $$",
]
GOOD = "-- compatible-from: V053\n"
INDEX = "DROP INDEX CONCURRENTLY IF EXISTS i;\nCREATE INDEX CONCURRENTLY i ON flags (key);\n"


def problems(sql, version=54, before=""):
    return list(lint.problems(version, sql, before))


class Statements(unittest.TestCase):
    def test_what_must_be_found_is_found_under_its_rule(self):
        for rule, cases in FOUND.items():
            for sql in cases:
                with self.subTest(sql=sql):
                    self.assertIn(rule, lint.findings(sql))
                    self.assertTrue(problems(GOOD + sql))
                    marks = "".join(f"-- allow: {each}: the reason\n" for each in lint.findings(sql))
                    self.assertEqual(problems(GOOD + marks + sql), [])

    def test_the_rest_passes(self):
        for sql in PASSED:
            with self.subTest(sql=sql):
                self.assertEqual(problems(GOOD + sql), [])

    def test_a_column_is_not_null_once_an_earlier_migration_has_proved_it(self):
        added = "ALTER TABLE flags ADD CONSTRAINT owned CHECK (owner IS NOT NULL) NOT VALID"
        then = "ALTER TABLE flags ALTER COLUMN owner SET NOT NULL"
        self.assertEqual(problems(GOOD + then, 54, f"{added}; ALTER TABLE flags VALIDATE CONSTRAINT owned"), [])
        self.assertTrue(problems(GOOD + then, 54, added))
        self.assertTrue(problems(GOOD + then + ", ALTER COLUMN team SET NOT NULL", 54,
                                 f"{added}; ALTER TABLE flags VALIDATE CONSTRAINT owned"))


class Marks(unittest.TestCase):
    def test_one_of_the_two_is_needed(self):
        self.assertTrue(problems("SELECT 1;"))
        self.assertTrue(problems(GOOD + GOOD + "SELECT 1;"))
        self.assertTrue(problems(GOOD + "-- incompatible: a reason\nSELECT 1;"))
        self.assertEqual(problems("-- incompatible: a reason\nSELECT 1;"), [])
        self.assertEqual(problems("SELECT 1;", 53), ["nothing in it locks: take the mark away"])

    def test_mistakes_in_marks(self):
        for mark in ("-- compatible-from: 53", "-- compatible: V053", "--compatible-from: V053", "-- Compatible-from: V053",
                     "-- incompatible:", "-- allow: locks", "-- allow: locks:", "-- allow: anything: a reason",
                     "-- transaction: off", "-- compatible-from: V054", "-- compatible-from: V000"):
            with self.subTest(mark=mark):
                self.assertTrue(problems(f"{mark}\nSELECT 1;" if "ible" in mark else f"{GOOD}{mark}\nSELECT 1;"))

    def test_a_mark_that_allows_nothing_is_stale(self):
        self.assertEqual(problems(GOOD + "-- allow: locks: a reason\nSELECT 1;"), ["nothing in it locks: take the mark away"])


class OneByOne(unittest.TestCase):
    def test_an_index_is_dropped_before_it_is_built(self):
        self.assertEqual(problems(GOOD + "-- transaction: none\n" + INDEX), [])
        self.assertTrue(problems(GOOD + INDEX), "CONCURRENTLY in a transaction")
        self.assertTrue(problems(GOOD + "-- transaction: none\n" + INDEX.splitlines()[1]))

    def test_other_statements_could_not_begin_again(self):
        for sql in ("ALTER TABLE flags ADD COLUMN a int;", "CREATE TABLE a (b int);", "SELECT 1; SELECT 2;",
                    "DO $$ BEGIN END $$;", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON flags (key);"):
            with self.subTest(sql=sql):
                self.assertTrue(problems(GOOD + "-- transaction: none\n" + sql))


if __name__ == "__main__":
    unittest.main()
