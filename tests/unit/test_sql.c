/* SQL: what is text, where statements end, and what they do. */
#include "effect/sql.h"
#include "lib/judge.h"
#include "lib/unit.h"

/* ---- tokens
 * ------------------------------------------------------------------ */

/* Statements as lines of their words; strings as ', quoted names as ". */
static void
read_statements(const char *sql, enum sql_dialect dialect, struct buf *got)
{
	struct arena arena = ARENA_INIT;
	struct sql_lexer lx;
	struct sql_token *t;
	uint32_t n;

	buf_clear(got);
	sql_lex_init(&lx, text_of(sql), dialect);
	while (sql_lex_statement(&lx, &arena, &t, &n)) {
		for (uint32_t i = 0; i < n; i++) {
			struct text word =
				text_sub(lx.text, t[i].start, t[i].end);

			if (t[i].kind == SQL_STRING)
				word = TEXT("'");
			if (t[i].kind == SQL_QUOTED)
				word = TEXT("\"");
			buf_addf(got, "%s%.*s", i ? " " : "", TEXT_ARG(word));
		}
		buf_addc(got, '|');
	}
	arena_release(&arena);
}

static const struct {
	enum sql_dialect dialect;
	const char *sql, *statements;
} texts[] = {
	{ SQL_POSTGRES, "select 1; select 2", "select 1|select 2|" },
	{ SQL_POSTGRES, " ;; ", "" },
	{ SQL_POSTGRES, "a 'it''s; b' c", "a ' c|" },
	{ SQL_POSTGRES, "a 'x\\' b", "a ' b|" },
	{ SQL_POSTGRES, "a E'x\\' ; b' c", "a ' c|" },
	{ SQL_MYSQL, "a 'x\\' ; b' c", "a ' c|" },
	{ SQL_MYSQL, "a \"x ; y\" c", "a ' c|" },
	{ SQL_POSTGRES, "a \"drop table\" c", "a \" c|" },
	{ SQL_MYSQL, "a `drop;` c", "a \" c|" },
	{ SQL_SQLITE, "a [drop;] c", "a \" c|" },
	{ SQL_POSTGRES, "a[1]", "a [ 1 ]|" },
	{ SQL_POSTGRES, "a -- b ; c\nd", "a d|" },
	{ SQL_MYSQL, "a --b\nd", "a - - b d|" },
	{ SQL_MYSQL, "a -- b\nd # e\nf", "a d f|" },
	{ SQL_POSTGRES, "a /* b /* c */ d */ e", "a e|" },
	{ SQL_MYSQL, "a /* b /* c */ d", "a d|" },
	{ SQL_MYSQL, "/*!50001 drop table t */; b", "drop table t|b|" },
	{ SQL_POSTGRES, "/*! drop */ b", "b|" },
	{ SQL_POSTGRES, "do $$ drop; $$; b", "do '|b|" },
	{ SQL_POSTGRES, "do $x$ $$ ; $x$; b", "do '|b|" },
	{ SQL_POSTGRES, "a $1 b", "a $1 b|" },
	{ SQL_POSTGRES, "a::text :v :'w' b", "a :: text :v :'w' b|" },
	{ SQL_POSTGRES, "select 1 \\gexec\nb", "select 1|\\gexec|b|" },
	{ SQL_POSTGRES, "\\d t; x\nb;", "\\d t; x|b|" },
	{ SQL_SQLITE, ".tables\nselect .5", ".tables|select . 5|" },
	{ SQL_MYSQL, "source x.sql\nb", "source x.sql|b|" },
	{ SQL_MYSQL, "a source b", "a source b|" },
	{ SQL_MYSQL, "delimiter //\na; b//\ndelimiter ;\nc;d", "a ; b|c|d|" },
	{ SQL_SQLITE,
	  "create trigger t begin delete from a; case x when 1 then 2 end; "
	  "end; b",
	  "create trigger t begin delete from a ; case x when 1 then 2 end ; "
	  "end|b|" },
	{ SQL_MYSQL, "create procedure p() begin if a then b; end if; end; c",
	  "create procedure p ( ) begin if a then b ; end if ; end|c|" },
	{ SQL_POSTGRES, "begin; a; end; b", "begin|a|end|b|" },
	{ SQL_POSTGRES, "a 'open", "a '|" },
	{ SQL_POSTGRES, "a /* open", "a|" },
};

static void
texts_are_cut_into_statements(void **state)
{
	struct buf got = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		read_statements(texts[i].sql, texts[i].dialect, &got);
		if (strcmp(buf_cstr(&got), texts[i].statements) != 0)
			fail_msg("'%s' is '%s', not '%s'", texts[i].sql,
				 buf_cstr(&got), texts[i].statements);
	}
	buf_release(&got);
}

/* ---- WHERE
 * -------------------------------------------------------------------- */

static bool
leaves_out(const char *condition)
{
	struct arena arena = ARENA_INIT;
	struct sql_lexer lx;
	struct sql_token *t = NULL;
	uint32_t n = 0;
	bool out;

	sql_lex_init(&lx, text_of(condition), SQL_POSTGRES);
	sql_lex_statement(&lx, &arena, &t, &n);
	out = sql_where_leaves_out(lx.text, t, n);
	arena_release(&arena);
	return out;
}

static void
only_a_real_where_counts(void **state)
{
	static const char *const all[] = {
		"",
		"true",
		"1",
		"1 = 1",
		"'a' = 'a'",
		"id = id",
		"(1 = 1)",
		"((true))",
		"not false",
		"id = 7 OR 1 = 1",
		"id = 7 or true",
		"1 = 1 OR id = 7",
		"true AND 1 = 1",
		"id = 7 OR (a = 1 OR true)",
		"x LIKE '%'",
		"id >= id",
		"(((",
		"id IS id",
		"1=1 AND (true OR id=2)",
	};
	static const char *const some[] = {
		"id = 7",
		"id = 7 AND true",
		"id = 7 AND 1 = 1",
		"(id = 7)",
		"id IN (1, 2)",
		"a = 1 AND (b = 2 OR c = 3)",
		"a BETWEEN 1 AND 1",
		"1 = 2",
		"false",
		"0",
		"note = 'WHERE 1 = 1'",
		"a = 1 OR b = 2",
		"EXISTS (SELECT 1 OR true)",
		"id = :id",
		"x LIKE 'a%'",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (leaves_out(all[i]))
			fail_msg("'%s' leaves nothing out", all[i]);
	for (size_t i = 0; i < ARRAY_LEN(some); i++)
		if (!leaves_out(some[i]))
			fail_msg("'%s' leaves rows out", some[i]);
}

/* ---- what statements do
 * ---------------------------------------------------------- */

static enum effect_level
level_of_sql(const char *client, const char *sql)
{
	struct buf b = BUF_INIT;
	enum effect_level level;

	buf_addf(&b, "%s <<'END'\n%s\nEND", client, sql);
	level = level_of(buf_cstr(&b));
	buf_release(&b);
	return level;
}

static const struct {
	const char *client, *sql;
	enum effect_level level;
} statements[] = {
	{ "psql", "select count(*), max(a) from t", EFFECT_READS },
	{ "psql", "SELECT pg_catalog.count(*) FROM t", EFFECT_READS },
	{ "psql", "SELECT app.count(*) FROM t", EFFECT_UNKNOWN },
	{ "psql", "SELECT nightly()", EFFECT_UNKNOWN },
	{ "psql", "SELECT a FROM nightly(1)", EFFECT_UNKNOWN },
	{ "psql", "SELECT x::numeric(10,2), y FROM t AS u(y)", EFFECT_READS },
	{ "psql", "WITH a(x) AS (SELECT 1) SELECT * FROM a", EFFECT_READS },
	{ "psql", "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a",
	  EFFECT_DESTROYS },
	{ "psql", "WITH a AS (SELECT 1) DELETE FROM t", EFFECT_DESTROYS },
	{ "psql", "WITH a AS (SELECT 1) DELETE FROM t WHERE id = 1",
	  EFFECT_CHANGES },
	{ "psql", "WITH a AS (SELECT 1) SELECT nightly()", EFFECT_UNKNOWN },
	{ "psql", "SELECT * FROM (SELECT * FROM t FOR UPDATE) x",
	  EFFECT_CHANGES },
	{ "psql", "SELECT (SELECT pg_terminate_backend(1))", EFFECT_DISRUPTS },
	{ "psql", "(SELECT 1) UNION (SELECT 2)", EFFECT_READS },
	{ "psql", "EXPLAIN (ANALYZE, BUFFERS) DELETE FROM t", EFFECT_DESTROYS },
	{ "psql", "EXPLAIN (ANALYZE off) DELETE FROM t", EFFECT_READS },
	{ "psql", "EXPLAIN (ANALYZE) SELECT 1", EFFECT_READS },
	{ "mysql", "EXPLAIN ANALYZE SELECT 1", EFFECT_READS },
	{ "psql", "PREPARE x AS DELETE FROM t", EFFECT_DESTROYS },
	{ "psql", "PREPARE x AS SELECT 1", EFFECT_READS },
	{ "psql", "EXECUTE x", EFFECT_UNKNOWN },
	{ "psql", "UPDATE ONLY t SET a = 1", EFFECT_DESTROYS },
	{ "psql", "UPDATE t SET a = 1 WHERE id = 2 RETURNING *",
	  EFFECT_CHANGES },
	{ "psql", "UPDATE t SET a = (SELECT 1 WHERE true)", EFFECT_DESTROYS },
	{ "psql", "INSERT INTO t(a) SELECT lower(b) FROM u", EFFECT_CHANGES },
	{ "psql", "INSERT INTO t SELECT pg_terminate_backend(1)",
	  EFFECT_DISRUPTS },
	{ "psql", "DROP TABLE IF EXISTS a, b", EFFECT_DESTROYS },
	{ "psql", "DROP MATERIALIZED VIEW v", EFFECT_DISRUPTS },
	{ "psql", "DROP TYPE t CASCADE", EFFECT_DESTROYS },
	{ "psql", "DROP FROB x", EFFECT_DESTROYS },
	{ "psql", "FROB x", EFFECT_UNKNOWN },
	{ "psql", "CREATE TEMP TABLE t AS SELECT 1", EFFECT_CHANGES },
	{ "psql", "CREATE FUNCTION f() RETURNS int AS $$ DROP TABLE t $$",
	  EFFECT_CHANGES },
	{ "psql", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
	  EFFECT_CHANGES },
	{ "psql", "ALTER TABLE t ADD a int, DROP COLUMN b", EFFECT_DESTROYS },
	{ "psql", "ALTER TABLE t ALTER a DROP NOT NULL", EFFECT_CHANGES },
	{ "psql", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
	  EFFECT_CHANGES },
	{ "psql", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
	  EFFECT_DISRUPTS },
	{ "psql", "BEGIN; DROP TABLE t; ROLLBACK", EFFECT_DESTROYS },
	{ "psql", "COPY t FROM stdin;\nDROP TABLE x;\n\\.\nSELECT 1;",
	  EFFECT_CHANGES },
	{ "psql", "COPY t FROM stdin;\n1\n\\.\nDROP TABLE x;",
	  EFFECT_DESTROYS },
	{ "psql", "COPY (DELETE FROM t RETURNING *) TO STDOUT",
	  EFFECT_DESTROYS },
	{ "psql", "COPY t FROM PROGRAM 'rm -rf /srv'", EFFECT_DESTROYS },
	{ "psql", "\\dt+\n\\x on\n\\timing", EFFECT_READS },
	{ "psql", "\\frob", EFFECT_UNKNOWN },
	{ "psql", "SELECT 'DROP TABLE ' || t FROM x \\gexec", EFFECT_UNKNOWN },
	{ "psql", "DELETE FROM t WHERE id = :id", EFFECT_CHANGES },
	{ "psql", "DROP TABLE :name", EFFECT_DESTROYS },
	{ "psql", "VACUUM (VERBOSE, FULL) t", EFFECT_DISRUPTS },
	{ "psql", "VACUUM (VERBOSE) t", EFFECT_CHANGES },
	{ "mysql", "SET GLOBAL x = 1", EFFECT_CHANGES },
	{ "mysql", "SET NAMES utf8", EFFECT_READS },
	{ "mysql", "RENAME TABLE a TO b", EFFECT_DISRUPTS },
	{ "mysql", "SELECT 1 INTO OUTFILE '/x'", EFFECT_CHANGES },
	{ "mysql",
	  "DELIMITER //\nCREATE PROCEDURE p() BEGIN DELETE FROM t; END//\n"
	  "DELIMITER ;\nSELECT 1;",
	  EFFECT_CHANGES },
	{ "mysql",
	  "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN x;\n"
	  "DROP TABLE y;",
	  EFFECT_UNKNOWN },
	{ "mysql", "FLUSH TABLES WITH READ LOCK", EFFECT_DISRUPTS },
	{ "mysql", "UNLOCK TABLES", EFFECT_READS },
	{ "sqlite3 a.db", ".mode csv\n.import x.csv t", EFFECT_CHANGES },
	{ "sqlite3 a.db", "PRAGMA user_version", EFFECT_READS },
	{ "sqlite3 a.db", "VACUUM", EFFECT_CHANGES },
};

static void
statements_have_levels(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		enum effect_level level =
			level_of_sql(statements[i].client, statements[i].sql);

		if (level == statements[i].level)
			continue;
		print_message("'%s' is %s, not %s\n", statements[i].sql,
			      effect_level_name(level),
			      effect_level_name(statements[i].level));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_cut_into_statements),
		cmocka_unit_test(only_a_real_where_counts),
		cmocka_unit_test(statements_have_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
