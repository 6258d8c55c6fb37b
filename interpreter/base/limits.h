/* Every cap in one place. Past a cap there is a clear error and never a
 * silent cut; each has a test. Sizes are in bytes, times in milliseconds. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* the document */
	LIMIT_DOCUMENT_BYTES = 4 * 1024 * 1024,
	LIMIT_DOCUMENT_DEPTH = 64, /* quotes and lists in each other */
	LIMIT_DOCUMENT_PARSE_MS = 5000,
	LIMIT_DOCUMENT_TREE_BYTES = 256 * 1024 * 1024, /* made of it */
	LIMIT_MARKDOWN_WHOLE = 256 * 1024, /* above it parsed in parts of */
	LIMIT_MARKDOWN_PART = 64 * 1024,
	LIMIT_MARKDOWN_BYTES = 256 * 1024 * 1024, /* cmark's, for a part */
	LIMIT_LINE_PREFIX = 4096, /* columns before a list or quote marker */
	LIMIT_FRONT_MATTER_BYTES = 64 * 1024,
	LIMIT_YAML_DEPTH = 32,
	LIMIT_STEPS = 10000,
	LIMIT_SECTION_PATH = 1024,
	LIMIT_UNIFIED_EDITS = 1000, /* lines of a shortest difference */
	LIMIT_SSH_CONFIG =
		1024 * 1024,        /* bytes of it that approvals hold for */
	LIMIT_CONFIG_PARENTS = 256, /* folders above that are looked into */

	/* lint: what bash -n and shellcheck may print, and take */
	LIMIT_LINT_OUTPUT_BYTES = 4 * 1024 * 1024,
	LIMIT_LINT_PROGRAM_MS = 20 * 1000,
	LIMIT_LINT_JOBS = 64,
	LIMIT_LINT_RECORD_BYTES = 64 * 1024 * 1024, /* kept for a file */
	LIMIT_SUMMARY_BYTES = 900 * 1000, /* GitHub shows 1 MiB, or nothing */
	LIMIT_LINT_COMMENTS = 1000, /* of one document, that switch rules */

	/* shell text */
	LIMIT_SHELL_BYTES = 1024 * 1024,
	LIMIT_SHELL_NODES = 100 * 1000,
	LIMIT_SHELL_DEPTH = 64,
	LIMIT_WRAPPER_DEPTH = 8,
	LIMIT_EFFECT_TURNS = 16, /* of a loop gone through one by one */
	LIMIT_EFFECT_CALLS = 16, /* functions in each other */
	LIMIT_EFFECT_WORDS = 64, /* that xargs is fed */
	LIMIT_EFFECT_WORK = 16 * 1024 * 1024,         /* of one statement */
	LIMIT_EFFECT_REPLAYED_WORK = 2 * 1024 * 1024, /* of it, again */
	LIMIT_EFFECT_INPUT = 1024 * 1024, /* of a file that is read to judge */
	LIMIT_CONSTANT_BYTES = 64 * 1024, /* of one variable */
	LIMIT_SCOPE_WORK = 16 * 1024 * 1024,  /* bytes made of constants */
	LIMIT_BRACE_ITEMS = 16 * 1024,        /* made of braces in a word */
	LIMIT_BRACE_BYTES = 64 * 1024 * 1024, /* of all that is made, then they
					       * are not expanded */
	LIMIT_PLACEHOLDER_BYTES = 60,

	/* values */
	LIMIT_VALUE_BYTES = 4 * 1024,
	LIMIT_VALUES_BYTES = 64 * 1024,

	/* running */
	LIMIT_STEP_MS = 30 * 60 * 1000,
	LIMIT_FOLLOW_ALONE_MS = 5 * 1000, /* what never ends, with nobody there
					   * who would end it */
	LIMIT_QUIET_MS = 60 * 1000,       /* without output, then it is told */
	LIMIT_QUIET_AGAIN_MS = 30 * 1000,
	LIMIT_KILL_GRACE_MS = 10 * 1000,
	LIMIT_KILL_GRACE_IN_HASTE_MS =
		2 * 1000, /* the operator said it twice */
	LIMIT_KILL_GRACE_AT_END_MS = 2 * 1000,
	LIMIT_DRAIN_MS = 100,
	LIMIT_HANGUP_MS = 300,  /* for what hears that its terminal is gone */
	LIMIT_HOST_BYTES = 253, /* of a name (RFC 1035, 2.3.4) */
	LIMIT_USER_BYTES = 32,
	LIMIT_SSH_OUTPUT_BYTES = 1024 * 1024, /* of ssh -G, ssh-keygen -F */
	LIMIT_SSH_HELPER_MS = 10 * 1000,      /* of those two */
	LIMIT_AGENT_BYTES = 256 * 1024,       /* of one message, as OpenSSH */
	LIMIT_CONNECT_MS = 10 * 1000,
	LIMIT_AUTH_MS = 30 * 1000,
	LIMIT_AUTH_PROMPT_MS = 120 * 1000,
	LIMIT_BANNER_BYTES = 8 * 1024,
	LIMIT_KEEPALIVE_MS = 15 * 1000,
	LIMIT_KEEPALIVE_MISSED = 3,
	LIMIT_TCP_USER_TIMEOUT_MS = 45 * 1000,
	LIMIT_LOST_ASK_MS = 30 * 1000, /* a host, about a command */
	LIMIT_CHANNELS = 10,
	LIMIT_CHANNEL_WINDOW = 4 * 1024 * 1024,
	LIMIT_REMOTE_COMMAND_BYTES = 96 * 1024,
	LIMIT_SHIM_REQUEST_BYTES = 512 * 1024,
	LIMIT_SHELL_RESTARTS = 3, /* in a row */
	LIMIT_SHELL_STATE_BYTES = 4 * 1024 * 1024,
	LIMIT_PROCESSES = 4096,        /* of one step that are looked at */
	LIMIT_NAMED_PROCESSES = 8,     /* of those that outlive a step */
	LIMIT_TYPED_BYTES = 64 * 1024, /* keys that nothing reads */
	LIMIT_LATE_PIPES = 64,         /* held by processes of earlier steps */

	/* output */
	LIMIT_MATCH_BYTES = 64 * 1024, /* a want sees this tail */
	LIMIT_TRANSCRIPT_BYTES = 32 * 1024 * 1024,
	LIMIT_MATCH_MS = 100,
	LIMIT_MATCH_STEP_MS = 1000,
	LIMIT_MATCH_HEAP_BYTES = 64 * 1024 * 1024,
	LIMIT_ESCAPE_BYTES = 4 * 1024, /* of one control sequence */
	LIMIT_SGR_PARAMETERS = 16,
	LIMIT_PATTERN_BYTES = 4 * 1024, /* one regex or glob */
	LIMIT_CASELESS_RANGES = 20,     /* of the regexes of one want */
	LIMIT_WANTS = 32,               /* of one step */
	LIMIT_WANT_LINES = 2000,
	LIMIT_SHAPE_BYTES = 128,       /* one date, size, id … */
	LIMIT_PROBE_BYTES = 64 * 1024, /* one text of names; a file's content
					* that is compared */
	LIMIT_PROBE_MS = 30 * 1000,
	LIMIT_DIFF_CELLS = 4 * 1000 * 1000, /* 2,000 lines by 2,000 */
	LIMIT_DIFF_LINES = 60,
	LIMIT_DIFF_LINE_BYTES = 200,

	/* a picture that dot draws */
	LIMIT_DRAWING_BYTES = 64 * 1024 * 1024,
	LIMIT_DRAWING_MS = 30 * 1000,

	/* the journal */
	LIMIT_JOURNAL_RECORD_BYTES = 64 * 1024,
	LIMIT_JOURNAL_TITLE_BYTES = 1024, /* of a step's, in its records */
	LIMIT_JOURNAL_BYTES = 64 * 1024 * 1024,

	/* secrets; together at most LIMIT_VALUES_BYTES */
	LIMIT_SECRETS = 1000,
	LIMIT_SECRET_LEAST_BYTES = 4,
	LIMIT_SECRET_LINE_BYTES = 8,       /* from here on a line is one too */
	LIMIT_SECRET_GAP_BYTES = 4 * 1024, /* line ends and escapes within */
	LIMIT_MASK_HOLD_MS = 50            /* then mask_flush_short */
};

#endif
