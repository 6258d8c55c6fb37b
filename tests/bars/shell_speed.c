/* How long reading takes: one block of a runbook with the text inside its ssh,
 * and a long script. Processor time; the least of many rounds. */
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "shell/parse.h"
#include "shell/word.h"

enum {
	SCRIPT_BYTES = 143 * 1024,
	BLOCK_US = 30,
	SCRIPT_US = 40 * 1000
};

static const char block[] =
	"ssh web1 \"cd ~/apps/site && docker compose -f compose.prod.yaml exec "
	"-T -e PYTHONPATH=/app/src web python -m site.cli prune --older-than "
	"30 --dry-run\" | tee\n";

/* What scripts are made of. */
static const char piece[] =
	"# Take one node out and put it back.\n"
	"drain() {\n"
	"	local node=$1 wait=${2:-30s}\n"
	"	if [[ -z $node || $node == master-* ]]; then\n"
	"		echo \"usage: drain NODE [WAIT], not '$node'\" >&2\n"
	"		return 2\n"
	"	fi\n"
	"	kubectl drain \"$node\" --ignore-daemonsets "
	"--timeout=\"$wait\" |\n"
	"		grep -v '^pod/' | sort -u > \"/tmp/$node.log\" 2>&1 || "
	"return\n"
	"	for pod in $(kubectl get pods -o name --field-selector "
	"spec.nodeName=\"$node\"); do\n"
	"		case \"$pod\" in\n"
	"		pod/db-*) echo \"$pod stays: $((count++))\" ;;\n"
	"		*) kubectl delete \"$pod\" --wait=false ;;\n"
	"		esac\n"
	"	done\n"
	"	cat <<-EOF | ssh \"root@$node\" bash -s\n"
	"	systemctl stop kubelet && echo \"stopped on \\$(hostname)\"\n"
	"	EOF\n"
	"}\n"
	"cp /etc/app/{main,extra}.conf ~/backup/$(date +%Y%m%d)/ && drain "
	"web1\n";

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Parse TEXT and, with NESTED, the third word of its first command. */
static double
read_us(struct text text, bool nested, int rounds)
{
	double best = 1e12;

	for (int i = 0; i < rounds; i++) {
		struct arena arena = ARENA_INIT;
		double from = now_us(), us;
		const struct script *s =
			shell_parse(&arena, (struct excerpt){ text, NULL });

		if (s->n_errors)
			BUG("%s", s->errors[0].message);
		if (nested) {
			const struct node *ssh =
				s->body->items[0]->node->items[0];
			struct value value =
				word_value(&arena, s, ssh->words[2], NULL);

			shell_parse(&arena, value.text);
		}
		arena_release(&arena);
		us = now_us() - from;
		if (us < best)
			best = us;
	}
	return best;
}

int
main(void)
{
	struct buf CLEANUP(buf_release) script = BUF_INIT;
	double block_us, script_us;

	while (script.len < SCRIPT_BYTES)
		buf_adds(&script, piece);
	block_us = read_us(text_of(block), true, 2000);
	script_us = read_us(buf_text(&script), false, 50);
	printf("shell-speed: block of %zu bytes and its ssh text %.1f us (want "
	       "%d), script of %zu KB %.1f ms (want %d)\n",
	       sizeof(block) - 1, block_us, BLOCK_US, script.len / 1024,
	       script_us / 1e3, SCRIPT_US / 1000);
	return block_us > BLOCK_US || script_us > SCRIPT_US;
}
