/* Which bytes of a command are to be filled in, and which only look so. */
#include <fcntl.h>

#include "base/fd.h"
#include "lib/scripts.h"
#include "lib/unit.h"
#include "shell/placeholder.h"

/* "text" for each placeholder of T, "?" behind one that is only likely, "??"
 * behind a possible one; separated by "; ". */
static const char *
found_in(struct text t)
{
	static const char *const marks[] = { "", "?", "?\?" };
	const struct placeholder *p;
	struct buf b = BUF_INIT;
	struct text copy;
	uint32_t n;

	p = placeholder_scan(&arena, t, &n);
	for (uint32_t i = 0; i < n; i++) {
		assert_true(p[i].start < p[i].end && p[i].end <= t.len);
		assert_true(i == 0 || p[i - 1].end <= p[i].start);
		buf_adds(&b, i ? "; " : "");
		buf_addt(&b, text_sub(t, p[i].start, p[i].end));
		buf_adds(&b, marks[p[i].certainty]);
	}
	copy = arena_text(&arena, buf_text(&b));
	buf_release(&b);
	return copy.at;
}

static void
assert_found(const char *text, const char *want)
{
	assert_string_equal(found_in(text_of(text)), want);
}

static void
test_angle(void **state)
{
	(void)state;
	assert_found("ssh <host> uptime", "<host>");
	assert_found("kubectl scale -n <namespace> --replicas=0",
		     "<namespace>");
	assert_found("git checkout <commit-hash>\nls", "<commit-hash>");
	assert_found("cp <a>/<b>:<c> <service name>,x",
		     "<a>; <b>; <c>; <service name>");
	assert_found("dpkg -i x_<version>.deb -n<ns> rg-<n>;",
		     "<version>; <ns>; <n>");
	assert_found("psql -c \"select * from <table>\"", "<table>?");
	assert_found("a '<b-c>' \"<d>|<e>\"", "<b-c>?; <d>?; <e>?");
	assert_found("cf push <<APP_NAME>> -i 2", "<<APP_NAME>>");
}

static void
test_no_angle(void **state)
{
	(void)state;
	assert_found("a < file > out", "");
	assert_found("a <in.txt>out", "<in.txt>?\?");
	assert_found("a <in >out; b <in>>out; c <in>&2; d <in>(e)", "");
	assert_found("cat <<EOF>>f\nx\nEOF\n", "");
	assert_found("grep '\\<word\\>' f; grep -P '(?<name>x)'", "");
	assert_found("diff <(a) >(b) 2>&1 1<2 <3>", "");
	assert_found("a <b\nc>", "");
	assert_found("a <- b>", "");
	assert_found("a <b  c> <b &c> <b*>", "");
	assert_found("a <a2345678901234567890123456789012345678901234567890123"
		     "4567890> b",
		     "");
	assert_found("# ssh <host>\nls # <x>", "");
	assert_found("a#<x>", "<x>");
}

/* Markup in quotes is what it says, unless nothing tells it from a name. */
static void
test_markup(void **state)
{
	(void)state;
	assert_found("echo '<p>x</p> <br> <title>t</title>'",
		     "<p>?\?; <br>?\?; <title>?\?");
	assert_found("echo '<title>'", "<title>?");
	assert_found("curl -d '<user><name>x</name></user>'",
		     "<user>?\?; <name>?\?");
	assert_found("sed 's|<flag>true</flag>||'", "<flag>?\?");
}

static void
test_here_documents(void **state)
{
	(void)state;
	assert_found("cat <<E > <out>\n<name> YOUR_X\nE\nssh <host>",
		     "<out>; <name>?\?; YOUR_X?\?; <host>");
	assert_found("cat <<-'E F'\n\tit's <a>\n\tE F\nb <c>", "<a>?\?; <c>");
	assert_found("cat <<A <<B\n<a>\nA\n<b>\nB\n<c> d",
		     "<a>?\?; <b>?\?; <c>");
	assert_found("cat <<E\n<a> b", "<a>");
	assert_found("cat <<< <a-b>", "<a-b>");
}

static void
test_braces(void **state)
{
	(void)state;
	assert_found("helm -n {{NAMESPACE}} {{ hub name }} '{{x}}'",
		     "{{NAMESPACE}}; {{ hub name }}; {{x}}?");
	assert_found("docker ps --format '{{json .Containers}} {{.Name}} "
		     "{{end}} {{range .X}} {{ upper x }}'",
		     "");
	assert_found("cf create {plan} a.{b} x/{c}/d", "{plan}?; {b}?; {c}?");
	assert_found("a ${b} {} {a,b} {1..3} @{u} awk '{print}' x{fd}>f", "");
	assert_found("gcloud -a [SA-NAME]@[PROJECT] x[Y]",
		     "[SA-NAME]?; [PROJECT]?");
	assert_found("echo [INFO] [A-Z] [abc]* '[NAME]' a[NAME] [N]", "");
	assert_found("helm install x --set a.password=...,b=... --c=...",
		     "...; ...; ...");
	assert_found("a '--b=...' =... echo \"x=...\" y=...z", "");
	assert_found("join ... [...] \xe2\x80\xa6 ./... a...",
		     "...; [...]; \xe2\x80\xa6");
	assert_found("echo \"wait ...\" \"a ... b\"", "...?\?");
}

static void
test_words(void **state)
{
	(void)state;
	assert_found("curl x/YOUR_USER/YOUR-REPO your-org.example/y "
		     "a_your-x",
		     "YOUR_USER; YOUR-REPO; your-org.example");
	assert_found("echo $YOUR_X ${YOUR_Y} --your-flag; YOUR_Z=1; your", "");
	assert_found("export T=CHANGEME U=change-me V=CHANGE_THIS_PASSWORD "
		     "W=REPLACE_WITH_X",
		     "CHANGEME; change-me; CHANGE_THIS_PASSWORD; "
		     "REPLACE_WITH_X");
	assert_found("terraform apply -replace=x changed exchange_me", "");
	assert_found("cp x-YYYYMMDD.sql y/YYYY/MM/DD z.YYYYMMDD_HHMMSS "
		     "DD-MM-YYYY",
		     "YYYYMMDD; YYYY/MM/DD; YYYYMMDD_HHMMSS; DD-MM-YYYY");
	assert_found("date +%Y%m%d; date +%F; AMMDD MMM DDD", "");
	assert_found("a xxx b-XXXX UUID=xxxx-xx-xxx --x=xxxx",
		     "xxx?; XXXX?; xxxx-xx-xxx?; xxxx?");
	assert_found("mktemp /tmp/a.XXXXXX; echo xx axxx 0xxxx XXX=1", "");
	assert_found("mkfs /dev/sdX1 /dev/nvmeXn1 /dev/sda /dev/sdXa",
		     "/dev/sdX; /dev/nvmeX");
	assert_found("a /path/to/x.pem -b=/path/to/your/y. @'/path/to/z' "
		     "file:///path/to/w",
		     "/path/to/x.pem; /path/to/your/y; /path/to/z; "
		     "/path/to/w");
	assert_found("s3://b/path/to/x https://h/path/to/y ./path/to/z "
		     "/path/to/ /path/toys",
		     "");
}

static void
test_changed(void **state)
{
	(void)state;
	assert_found("a=1 # CHANGEME\nexport b='x y'  # adjust to yours\n"
		     "c=\"z\" # edit this.\n",
		     "1; x y; z");
	/* nothing to change; more than a setting; what a shell makes */
	assert_found("a=1 # changes nothing\nb=1; c # CHANGEME\n"
		     "d=$(x) # CHANGEME\ne=\"$f\" # CHANGEME\n"
		     "g= # CHANGEME\nh # CHANGEME\n1=2 # CHANGEME",
		     "");
	/* one that is seen anyhow is not told twice */
	assert_found("a=<b> # CHANGEME", "<b>");
}

static void
test_dummies(void **state)
{
	(void)state;
	assert_found("a --password 'PASSWORD' --token=\"API_TOKEN\"",
		     "PASSWORD?; API_TOKEN?");
	assert_found("ssh h \"a --password 'SECURE_PASSWORD' --key \\\"X_KEY"
		     "\\\"\"",
		     "SECURE_PASSWORD?; X_KEY?");
	assert_found("mysql -p PASSWORD --user DB_USER; A_TOKEN=TOKEN",
		     "PASSWORD?; DB_USER?; TOKEN?");
	assert_found("grep -e \"TOKEN\" f; curl -X 'POST'; ls --sort SIZE; "
		     "ps -o USER; docker run -e DB_PASSWORD x; echo "
		     "'PASSWORD' \"DONE\"; git log --grep 'SECRET'",
		     "");
	assert_found("a --email 'admin@example.com' b@mail.example.org",
		     "admin@example.com?; b@mail.example.org?");
	assert_found("a admin@example.net.evil x@hule.education "
		     "x@example.community https://example.com/x",
		     "");
}

/* NAMESPACE as an operand; what is meant as it stands is none. */
static void
test_capitals(void **state)
{
	(void)state;
	assert_found("kubectl get pods -n NAMESPACE", "NAMESPACE?");
	assert_found("cf logs APPNAME --recent", "APPNAME?");
	assert_found("ssh root@HOST_IP; scp f USER@HOST:/x",
		     "HOST_IP?; USER?; HOST?");
	assert_found("kubectl exec svc/PRIMARY-CLUSTER-rw -- x",
		     "PRIMARY-CLUSTER?");
	assert_found("git clone git@github.com:ORG/REPO", "ORG?; REPO?");
	assert_found("rsync h:/APP_LOCATION/x ~/BACKUP_LOCATION/y",
		     "APP_LOCATION?; BACKUP_LOCATION?");
	assert_found("docker exec FOLDERNAME_db_1 x; cat INSTANCE_NAME_dump",
		     "FOLDERNAME?; INSTANCE_NAME?");
	assert_found("ls ID_rsa APP_x LC_ALL_x MY_Name_x", "");
	assert_found("kill -s SIGTERM 1; git reset HEAD; curl -X POST u", "");
	assert_found("export NAME; read HOST; for NAME in a; do x; done", "");
	assert_found("docker run -e TOKEN x; env NAME=x y; echo $HOST", "");
	assert_found("lsblk -o NAME,UUID; ps -o USER; grep -v NAME f", "");
	assert_found("kubectl get x -o custom-columns=NAME:.metadata", "");
	assert_found("NAME; USER=x NAME --all; psql -c \"SELECT NAME\"", "");
	assert_found("echo TheNAME NAMEs --NAME 'a NAME'", "");
}

static void
test_brackets(void **state)
{
	(void)state;
	assert_found("a [NAME] b/[CLIENT-URL]/c [project name]",
		     "[NAME]?; [CLIENT-URL]?; [project name]?");
	assert_found("P=[user|group] [namespace-deletion-PR]",
		     "[user|group]?; [namespace-deletion-PR]?");
	assert_found("ls [a-z] f[0-9] [abc] [A-Z] [ -f x ]; a [options]", "");
	assert_found("a [INFO] \"[some words]\" '[some words]'", "");
}

/* What a value replaces, how it is named, and whether it may be shown. */
static void
test_fields(void **state)
{
	static const char text[] = "a '<db-password>' --key 'MY_KEY' <monkey> "
				   "<id>";
	const struct placeholder *p;
	uint32_t n;

	(void)state;
	p = placeholder_scan(&arena, TEXT(text), &n);
	assert_int_equal(n, 4);
	assert_text(p[0].name, "db-password");
	assert_int_equal(p[0].start, 3);
	assert_int_equal(p[0].end, 16);
	assert_int_equal(p[0].kind, PLACEHOLDER_ANGLE);
	assert_true(p[0].secret);
	assert_text(p[1].name, "MY_KEY");
	assert_int_equal(p[1].start, 25);
	assert_int_equal(p[1].kind, PLACEHOLDER_DUMMY);
	assert_true(p[1].secret);
	assert_false(p[2].secret);
	assert_false(p[3].secret);
	assert_string_equal(placeholder_kind_name(p[1].kind), "dummy");
}

/* ---- the home server ---------------------------------------------------- */

/* As the table writes them: with their single quotes, and "(secret)". */
static const char *
written(struct text command)
{
	const struct placeholder *p;
	struct buf b = BUF_INIT;
	struct text copy;
	uint32_t n;

	p = placeholder_scan(&arena, command, &n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t start = p[i].start, end = p[i].end;

		if (p[i].certainty == PLACEHOLDER_POSSIBLE)
			continue;
		if (start > 0 && command.at[start - 1] == '\'' &&
		    end < command.len && command.at[end] == '\'') {
			start--;
			end++;
		}
		buf_adds(&b, b.len ? "; " : "");
		buf_addt(&b, text_sub(command, start, end));
		buf_adds(&b, p[i].secret ? " (secret)" : "");
	}
	copy = arena_text(&arena, b.len ? buf_text(&b) : TEXT("-"));
	buf_release(&b);
	return copy.at;
}

enum {
	COLUMN_KIND = 6,
	COLUMN_COMMAND = 12,
	COLUMN_PLACEHOLDERS = 19,
	COLUMNS = 20,
	COMMANDS = 75,
	TABLE_MAX = 1024 * 1024
};

static void
test_home_server(void **state)
{
	char CLEANUP(free_ptr) *path = test_data("seed/procedures.tsv");
	struct buf CLEANUP(buf_release) table = BUF_INIT;
	struct text rest, line;
	uint32_t n = 0;
	int fd;

	(void)state;
	if (!path)
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fd_read_all(fd, TABLE_MAX, &table), 0);
	fd_close(&fd);
	rest = buf_text(&table);
	while (text_next_field(&rest, '\n', &line)) {
		struct text cells[COLUMNS] = { { NULL, 0 } };

		for (size_t i = 0; i < COLUMNS; i++)
			text_next_field(&line, '\t', &cells[i]);
		if (!text_is(cells[COLUMN_KIND], "command"))
			continue;
		assert_text(cells[COLUMN_PLACEHOLDERS],
			    written(cells[COLUMN_COMMAND]));
		n++;
	}
	assert_int_equal(n, COMMANDS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_angle),
		cmocka_unit_test(test_no_angle),
		cmocka_unit_test(test_markup),
		cmocka_unit_test(test_here_documents),
		cmocka_unit_test(test_braces),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_dummies),
		cmocka_unit_test(test_capitals),
		cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_home_server),
	};

	return cmocka_run_group_tests(tests, scripts_set_up, scripts_tear_down);
}
