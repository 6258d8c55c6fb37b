/* Finding and reading .runbook.yaml. */
#include "cli/config.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/pathglob.h"
#include "diag/source.h"
#include "doc/effect_rows.h"
#include "doc/keys.h"

#define FILE_NAME ".runbook.yaml"

enum config_key {
#define KEY(symbol, name) CONFIG_##symbol,
#include "cli/config.def"
#undef KEY
	CONFIG_KEYS
};

static const char *const key_names[CONFIG_KEYS + 1] = {
#define KEY(symbol, name) name,
#include "cli/config.def"
#undef KEY
};

/* ---- finding --------------------------------------------------------------
 */

static bool
is_there(const char *up, const char *name)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;

	buf_addf(&path, "%s%s", up, name);
	return access(buf_cstr(&path), F_OK) == 0;
}

/* True when the folder UP is the topmost one, or cannot be told. */
static bool
is_topmost(const char *up)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	struct stat here, above;

	buf_addf(&path, "%s.", up);
	if (stat(buf_cstr(&path), &here) < 0)
		return true;
	buf_adds(&path, "./");
	if (stat(buf_cstr(&path), &above) < 0)
		return true;
	return here.st_dev == above.st_dev && here.st_ino == above.st_ino;
}

/* Put the way up to the folder of the file into UP. A parent counts only when
 * it lies in a repository with the working folder: nobody else's file, of
 * /tmp for one, may lower a level. */
static bool
find_file(struct buf *up)
{
	CLEANUP(buf_release) struct buf at = BUF_INIT;
	bool found = is_there("", FILE_NAME);

	for (unsigned depth = 0; !found && depth < LIMIT_CONFIG_PARENTS;
	     depth++) {
		if (is_there(buf_cstr(&at), ".git") ||
		    is_topmost(buf_cstr(&at)))
			return false;
		buf_adds(&at, "../");
		found = is_there(buf_cstr(&at), FILE_NAME);
	}
	if (!found)
		return false;
	buf_addt(up, buf_text(&at));
	while (at.len && !is_there(buf_cstr(&at), ".git")) {
		if (is_topmost(buf_cstr(&at)))
			return false;
		buf_adds(&at, "../");
	}
	return true;
}

/* ---- reading --------------------------------------------------------------
 */

static const char *
seen_from_here(struct config *c, const char *up, struct text folder)
{
	while (folder.len > 1 && folder.at[folder.len - 1] == '/')
		folder.len--;
	if (folder.at[0] == '/')
		return arena_text(&c->arena, folder).at;
	while (text_starts(folder, "./") && folder.len > 2)
		folder = text_sub(folder, 2, folder.len);
	return arena_printf(&c->arena, "%s%.*s", up, TEXT_ARG(folder));
}

const char **
config_strings(struct config *c, const char *up, bool paths,
	       const struct ynode *value, size_t *ret_n)
{
	uint32_t n = value->kind == Y_SEQUENCE ? value->n_items : 1;
	const char **list = arena_alloc(&c->arena, n * sizeof(*list));

	*ret_n = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct ynode *one =
			value->kind == Y_SEQUENCE ? value->items[i] : value;

		list[(*ret_n)++] = paths ? seen_from_here(c, up, one->text)
					 : arena_text(&c->arena, one->text).at;
	}
	return list;
}

void
config_unknown_key(const struct ynode *name, const char *const *names,
		   struct diag_sink *sink)
{
	struct nearest n = { NULL, 0 };
	struct diag *d;

	if (text_starts(name->text, "x-"))
		return;
	d = diag_report(sink, DIAG_UNKNOWN_KEY, name->where,
			"unknown key '%.*s'", TEXT_ARG(name->text));
	for (; *names; names++)
		nearest_try(&n, name->text, *names);
	if (n.best)
		diag_help(d, "did you mean '%s'?", n.best);
}

/* Folders that hold runbooks where .runbook.yaml names none. */
static void
default_folders(struct config *c, const char *up)
{
	static const char *const names[] = { "runbooks", "docs/runbooks" };

	c->folders = arena_alloc(&c->arena, sizeof(names));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		c->folders[c->n_folders++] =
			seen_from_here(c, up, text_of(names[i]));
}

static void
read_pair(struct config *c, const char *up, const struct ynode *name,
	  const struct ynode *value, struct diag_sink *sink)
{
	if (text_is(name->text, key_names[CONFIG_FOLDERS])) {
		c->named = true;
		if (key_check("folders", KEY_TYPE_LIST, value, sink))
			c->folders = config_strings(c, up, true, value,
						    &c->n_folders);
	} else if (text_is(name->text, key_names[CONFIG_EFFECTS])) {
		if (key_check("effects", KEY_TYPE_EFFECTS, value, sink))
			c->rules = effect_rows_over(&c->arena, c->rules, value,
						    EFFECT_OPERATOR, sink);
	} else if (text_is(name->text, key_names[CONFIG_IGNORE])) {
		if (key_check("ignore", KEY_TYPE_LIST, value, sink))
			c->ignored = config_strings(c, up, false, value,
						    &c->n_ignored);
	} else if (text_is(name->text, key_names[CONFIG_LINT])) {
		config_read_lint(c, up, value, sink);
	} else if (text_is(name->text, key_names[CONFIG_NO_FENCE])) {
		if (key_check("no_fence", KEY_TYPE_LIST, value, sink))
			c->no_fence = config_strings(c, up, false, value,
						     &c->n_no_fence);
	} else {
		config_unknown_key(name, key_names, sink);
	}
}

static struct config *
config_new(void)
{
	struct config *c = xcalloc(1, sizeof(*c));

	arena_init(&c->arena);
	c->rules = effect_rules_builtin();
	c->lint.severity = c->lint.fail_on = -1;
	return c;
}

/* FOLDER or the nearest one above it with .git in it; else FOLDER. */
static const char *
repository_of(struct config *c, const char *folder)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_adds(&b, folder);
	while (b.len) {
		size_t len = b.len;

		buf_adds(&b, "/.git");
		if (access(buf_cstr(&b), F_OK) == 0) {
			buf_cut(&b, len);
			return arena_text(&c->arena, buf_text(&b)).at;
		}
		while (len && b.bytes[len - 1] != '/')
			len--;
		buf_cut(&b, len ? len - 1 : 0);
	}
	return folder;
}

/* Where patterns begin: the folder UP from here. */
static void
find_root(struct config *c, const char *up)
{
	CLEANUP(free_ptr) char *here = realpath(".", NULL);
	CLEANUP(free_ptr) char *root = realpath(*up ? up : ".", NULL);

	c->here = arena_strdup(&c->arena, here ? here : "/");
	c->root = arena_strdup(&c->arena, root ? root : c->here);
	c->repository = repository_of(c, c->here);
}

struct config *
config_parse(const char *path, const char *up, char *bytes, size_t len,
	     struct diag_sink *sink)
{
	struct config *c = config_new();
	const struct ynode *tree;
	struct map *m;

	c->src = source_new(path, bytes, len);
	c->path = c->src->path;
	m = map_new(&c->arena, c->src);
	map_add(&c->arena, m, (uint32_t)len, 0, (uint32_t)len, MAP_COPIED);
	tree = ytree_parse(&c->arena, (struct excerpt){ c->src->bytes, m },
			   sink);
	if (tree && tree->kind == Y_MAPPING) {
		for (uint32_t i = 0; i < tree->n_items; i++)
			read_pair(c, up, tree->keys[i], tree->items[i], sink);
	} else if (tree && !ytree_is_null(tree)) {
		diag_report(sink, DIAG_BAD_VALUE, tree->where,
			    "the configuration is a mapping of keys such as "
			    "folders and effects");
	}
	if (!c->named)
		default_folders(c, up);
	find_root(c, up);
	return c;
}

struct config *
config_default(void)
{
	struct config *c = config_new();

	default_folders(c, "");
	find_root(c, "");
	return c;
}

/* "ops/" of "ops/settings.yaml". */
static void
add_folder_of(struct buf *b, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash)
		buf_add(b, path, (size_t)(slash + 1 - path));
}

struct config *
config_load(const char *file, struct diag_sink *sink, struct buf *reterr)
{
	CLEANUP(buf_release) struct buf up = BUF_INIT;
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	size_t len;

	if (file) {
		buf_adds(&path, file);
		add_folder_of(&up, file);
	} else if (find_file(&up)) {
		buf_addf(&path, "%s" FILE_NAME, buf_cstr(&up));
	} else {
		return config_default();
	}
	if (file_read(buf_cstr(&path), LIMIT_FRONT_MATTER_BYTES, &bytes,
		      reterr) < 0)
		return NULL;
	len = bytes.len;
	return config_parse(buf_cstr(&path), buf_cstr(&up),
			    buf_detach(&bytes, NULL), len, sink);
}

struct config *
config_free(struct config *config)
{
	if (!config)
		return NULL;
	source_free(config->src);
	arena_release(&config->arena);
	free(config);
	return NULL;
}

/* ---- places ----------------------------------------------------------------
 */

/* Append the parts of PATH to the absolute path in B, "." and ".." undone. */
static void
add_parts(struct buf *b, struct text path)
{
	struct text part;

	while (text_next_field(&path, '/', &part)) {
		if (part.len == 0 || text_is(part, "."))
			continue;
		if (!text_is(part, "..")) {
			buf_addc(b, '/');
			buf_addt(b, part);
			continue;
		}
		while (b->len && b->bytes[b->len - 1] != '/')
			buf_cut(b, b->len - 1);
		if (b->len)
			buf_cut(b, b->len - 1);
	}
}

/* PATH as it is seen from the absolute folder ROOT. */
static bool
place_below(const struct config *config, struct text root, const char *path,
	    struct buf *ret)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text t;

	if (path[0] != '/')
		add_parts(&b, text_of(config->here));
	add_parts(&b, text_of(path));
	if (root.len == 1)
		root.len = 0;
	t = buf_text(&b);
	if (t.len <= root.len || t.at[root.len] != '/' ||
	    !text_eq(text_sub(t, 0, root.len), root))
		return false;
	buf_addt(ret, text_sub(t, root.len + 1, t.len));
	return true;
}

bool
config_place(const struct config *config, const char *path, struct buf *ret)
{
	return place_below(config, text_of(config->root), path, ret);
}

bool
config_place_in_repository(const struct config *config, const char *path,
			   struct buf *ret)
{
	return place_below(config, text_of(config->repository), path, ret);
}

bool
config_fits(const struct config *config, const char *const *patterns, size_t n,
	    const char *path)
{
	CLEANUP(buf_release) struct buf place = BUF_INIT;

	if (n == 0 || !config_place(config, path, &place))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (pathglob_fits(text_of(patterns[i]), buf_text(&place)))
			return true;
	}
	return false;
}

bool
config_holds(const struct config *config, const char *path)
{
	struct text t = text_of(path);

	while (text_starts(t, "./"))
		t = text_sub(t, 2, t.len);
	for (size_t i = 0; i < config->n_folders; i++) {
		const char *folder = config->folders[i];
		size_t len = strlen(folder);

		if (text_starts(t, folder) && t.len > len &&
		    (t.at[len] == '/' || folder[len - 1] == '/'))
			return true;
	}
	return false;
}
