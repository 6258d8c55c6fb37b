/* Real shells for tests. Their output goes to a file, so that neither side
 * can wait for the other. */
#include "lib/run_shell.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "lib/folder.h"
#include "lib/unit.h"

enum {
	ARGS_MAX = 8,
	OUTPUT_MAX = 64 * 1024 * 1024
};

bool
have_program(const char *name)
{
	struct text rest = text_of(getenv("PATH")), folder;
	bool found = false;

	while (!found && text_next_field(&rest, ':', &folder)) {
		struct buf path = BUF_INIT;

		buf_addf(&path, "%.*s/%s", TEXT_ARG(folder), name);
		found = access(path.bytes, X_OK) == 0;
		buf_release(&path);
	}
	if (!found)
		print_message("[  SKIPPED ] no program '%s'\n", name);
	return found;
}

static void
write_file(const char *path, struct text t)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, t.at, t.len), 0);
	fd_close(&fd);
}

static void
read_file(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fd_read_all(fd, OUTPUT_MAX, out), 0);
	fd_close(&fd);
}

/* In the child: become the shell. */
static void
exec_shell(const char *const *argv, const char *folder)
{
	char path[4096];
	char *environment[] = { path, (char[]){ "LC_ALL=C.UTF-8" }, NULL };
	char *args[ARGS_MAX + 2];
	int n = 0, in, out, err;

	snprintf(path, sizeof(path), "PATH=%s", getenv("PATH"));
	while (n < ARGS_MAX && argv[n]) {
		args[n] = xstrdup(argv[n]);
		n++;
	}
	args[n++] = (char[]){ "../script" };
	args[n] = NULL;
	if (chdir(folder) < 0 || chdir("work") < 0)
		_exit(126);
	in = open("/dev/null", O_RDONLY);
	out = open("../out", O_WRONLY | O_CREAT, 0600);
	err = open("../err", O_WRONLY | O_CREAT, 0600);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	execvpe(args[0], args, environment);
	_exit(127);
}

int
run_shell(const char *const *argv, struct text script, struct buf *out,
	  size_t *ret_files)
{
	char CLEANUP(folder_remove_ptr) *folder = folder_new();
	int status;
	pid_t pid;

	assert_int_equal(mkdir(folder_path(folder, "work"), 0700), 0);
	write_file(folder_path(folder, "script"), script);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		exec_shell(argv, folder);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	read_file(folder_path(folder, "out"), out);
	*ret_files = folder_count(folder_path(folder, "work"));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
