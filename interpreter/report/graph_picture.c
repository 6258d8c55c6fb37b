/* From procedures to nodes, edges and clusters. */
#include "base/width.h"
#include "report/flow.h"
#include "report/graph.h"

enum {
	TITLE_COLUMNS = 60
};

/* A way that does not lead anywhere yet. */
struct loose {
	uint32_t from;
	struct text label;
};

struct loose_ends {
	struct loose *items;
	uint32_t n;
};

struct host_cluster {
	struct text host;
	uint32_t cluster;
};

/* A procedure and its node. */
struct drawn {
	const struct procedure *procedure;
	uint32_t node;
};

struct drawing {
	struct picture *picture;
	struct arena *arena;
	uint32_t counts[PICTURE_OTHER + 1];
	uint32_t cluster;           /* of the procedure, or NOWHERE */
	struct host_cluster *hosts; /* of the procedure */
	uint32_t n_hosts;
	struct drawn *places;
	uint32_t n_places;
};

/* ---- nodes -----------------------------------------------------------------
 */

static uint32_t
add_node(struct drawing *d, enum picture_shape shape, struct text label,
	 uint32_t cluster)
{
	struct picture *p = d->picture;
	/* Both kinds of procedures are counted as one. */
	uint32_t *count =
		&d->counts[shape == PICTURE_OTHER ? PICTURE_START
			   : shape == PICTURE_FILE || shape == PICTURE_HUMAN
				   ? PICTURE_STEP
				   : shape];
	struct picture_node node = { .shape = shape,
				     .number = ++*count,
				     .label = label,
				     .cluster = cluster };

	ARENA_PUSH(d->arena, p->nodes, p->n_nodes, node);
	return p->n_nodes - 1;
}

static void
add_edge(struct drawing *d, uint32_t from, uint32_t to, struct text label,
	 bool dotted)
{
	struct picture *p = d->picture;
	struct picture_edge edge = { from, to, label, dotted };

	ARENA_PUSH(d->arena, p->edges, p->n_edges, edge);
}

static uint32_t
add_cluster(struct drawing *d, struct text label, uint32_t outer)
{
	struct picture *p = d->picture;
	struct picture_cluster cluster = { label, outer };

	ARENA_PUSH(d->arena, p->clusters, p->n_clusters, cluster);
	return p->n_clusters - 1;
}

/* T on one line, safe, cut. */
static void
add_words(struct buf *b, struct text t)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	t = text_trim(t);
	for (size_t i = 0; i < t.len; i++)
		buf_addc(&line, byte_is_space(t.at[i]) ? ' ' : t.at[i]);
	width_print(b, buf_text(&line), TITLE_COLUMNS);
}

static struct text
words(struct drawing *d, struct text t)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (text_ends(text_trim(t), ":"))
		t = text_sub(text_trim(t), 0, text_trim(t).len - 1);
	add_words(&b, t);
	return arena_text(d->arena, buf_text(&b));
}

/* The steps on one host of a procedure are drawn in one frame. */
static uint32_t
cluster_of(struct drawing *d, const struct step *s)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	CLEANUP(buf_release) struct buf label = BUF_INIT;
	struct host_cluster h = { .host = s->host };

	for (uint32_t i = 0; i < d->n_hosts; i++) {
		if (text_eq(d->hosts[i].host, s->host))
			return d->hosts[i].cluster;
	}
	add_words(&label, text_of(step_host_name(s, &scratch)));
	h.cluster = add_cluster(d, arena_text(d->arena, buf_text(&label)),
				d->cluster);
	ARENA_PUSH(d->arena, d->hosts, d->n_hosts, h);
	return h.cluster;
}

/* True when all steps of the list F are on one host, which *RET then has. */
static bool
is_on_one_host(const struct flow *f, const struct step **ret)
{
	for (; f; f = f->next) {
		for (uint32_t i = 0; i < f->n_ways; i++) {
			if (!is_on_one_host(f->ways[i], ret))
				return false;
		}
		if (f->kind != FLOW_STEP)
			continue;
		if (f->step->kind == STEP_MANUAL ||
		    (*ret && !text_eq((*ret)->host, f->step->host)))
			return false;
		*ret = f->step;
	}
	return true;
}

/* A question stands in the frame of all that depends on it, if there is one. */
static uint32_t
cluster_of_question(struct drawing *d, const struct flow *f)
{
	const struct step *s = NULL;

	for (uint32_t i = 0; i < f->n_ways; i++) {
		if (!is_on_one_host(f->ways[i], &s))
			return d->cluster;
	}
	return s ? cluster_of(d, s) : d->cluster;
}

static uint32_t
step_node(struct drawing *d, const struct step *s)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	bool human = s->kind == STEP_MANUAL;
	uint32_t node;

	buf_addf(&b, "%u. ", s->ordinal);
	add_words(&b, flow_title(s));
	buf_addf(&b, "\n%s",
		 human ? "by hand" : effect_level_name(s->foreseen));
	if (s->io != EFFECT_IO_BATCH)
		buf_addf(&b, ", %s", step_io_name(s->io));
	if (s->phase.len) {
		buf_adds(&b, ", ");
		add_words(&b, s->phase);
	}
	node = add_node(d,
			human                  ? PICTURE_HUMAN
			: s->kind == STEP_FILE ? PICTURE_FILE
					       : PICTURE_STEP,
			arena_text(d->arena, buf_text(&b)),
			human ? d->cluster : cluster_of(d, s));
	d->picture->nodes[node].level = s->foreseen;
	return node;
}

/* ---- the way ---------------------------------------------------------------
 */

static void
push_end(struct drawing *d, struct loose_ends *ends, uint32_t from,
	 struct text label)
{
	struct loose loose = { from, label };

	ARENA_PUSH(d->arena, ends->items, ends->n, loose);
}

static void
join(struct drawing *d, struct loose_ends *ends, uint32_t to)
{
	for (uint32_t i = 0; i < ends->n; i++)
		add_edge(d, ends->items[i].from, to, ends->items[i].label,
			 false);
	*ends = (struct loose_ends){ NULL, 0 };
}

static void draw(struct drawing *d, const struct flow *f,
		 struct loose_ends *ends);

static void
draw_condition(struct drawing *d, const struct flow *f, struct loose_ends *ends)
{
	uint32_t node =
		add_node(d, PICTURE_CONDITION, words(d, f->condition->words),
			 cluster_of_question(d, f));

	join(d, ends, node);
	push_end(d, ends, node, TEXT("yes"));
	draw(d, f->ways[0], ends);
	push_end(d, ends, node, TEXT("no"));
}

static void
draw_choice(struct drawing *d, const struct flow *f, struct loose_ends *ends)
{
	struct text question = f->choice->question;
	uint32_t node =
		add_node(d, PICTURE_CHOICE,
			 question.len ? words(d, question) : TEXT("choose one"),
			 cluster_of_question(d, f));
	struct loose_ends all = { NULL, 0 };

	join(d, ends, node);
	for (uint32_t i = 0; i < f->n_ways; i++) {
		struct loose_ends way = { NULL, 0 };

		push_end(d, &way, node,
			 words(d,
			       flow_label(f->choice->branches[i], f->ways[i])));
		draw(d, f->ways[i], &way);
		for (uint32_t k = 0; k < way.n; k++)
			push_end(d, &all, way.items[k].from,
				 way.items[k].label);
	}
	*ends = all;
}

static void
draw(struct drawing *d, const struct flow *f, struct loose_ends *ends)
{
	for (; f; f = f->next) {
		switch (f->kind) {
		case FLOW_STEP: {
			uint32_t node = step_node(d, f->step);

			join(d, ends, node);
			push_end(d, ends, node, (struct text){ NULL, 0 });
			break;
		}
		case FLOW_CONDITION:
			draw_condition(d, f, ends);
			break;
		case FLOW_CHOICE:
			draw_choice(d, f, ends);
			break;
		}
	}
}

/* ---- procedures ------------------------------------------------------------
 */

static void
draw_procedure(struct drawing *d, const struct procedure *p, bool framed)
{
	struct loose_ends ends = { NULL, 0 };
	struct drawn place = { .procedure = p };

	d->cluster = framed ? add_cluster(d, words(d, p->path), PICTURE_NOWHERE)
			    : PICTURE_NOWHERE;
	d->hosts = NULL;
	d->n_hosts = 0;
	place.node =
		add_node(d, PICTURE_START, words(d, p->heading), d->cluster);
	ARENA_PUSH(d->arena, d->places, d->n_places, place);
	push_end(d, &ends, place.node, (struct text){ NULL, 0 });
	draw(d, flow_of(d->arena, p), &ends);
}

/* The node of P, which may not be one of those that are drawn. */
static uint32_t
place_of(struct drawing *d, const struct procedure *p)
{
	struct drawn place = { .procedure = p };

	for (uint32_t i = 0; i < d->n_places; i++) {
		if (d->places[i].procedure == p)
			return d->places[i].node;
	}
	place.node = add_node(d, PICTURE_OTHER, words(d, p->heading),
			      PICTURE_NOWHERE);
	ARENA_PUSH(d->arena, d->places, d->n_places, place);
	return place.node;
}

static void
draw_relations(struct drawing *d, const struct procedure *p)
{
	uint32_t node = place_of(d, p);
	const struct {
		struct procedure *const *list;
		uint32_t n;
		const char *label;
	} relations[] = {
		{ p->verify, p->n_verify, "checked by" },
		{ p->rollback, p->n_rollback, "undone by" },
		{ p->on_failure, p->n_on_failure, "when it fails" },
	};

	for (uint32_t i = 0; i < p->n_needs; i++)
		add_edge(d, place_of(d, p->needs[i]), node, TEXT("runs first"),
			 false);
	for (size_t r = 0; r < ARRAY_LEN(relations); r++) {
		for (uint32_t i = 0; i < relations[r].n; i++)
			add_edge(d, node, place_of(d, relations[r].list[i]),
				 text_of(relations[r].label), true);
	}
}

struct picture *
picture_of(struct arena *arena, const struct runbook *rb,
	   const struct procedure *one)
{
	struct drawing d = { .arena = arena };

	d.picture = ARENA_NEW(arena, struct picture);
	d.picture->arena = arena;
	d.picture->title = words(&d, one ? one->heading : rb->title);
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		if (!one || rb->procedures[i] == one)
			draw_procedure(&d, rb->procedures[i], !one);
	}
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		if (!one || rb->procedures[i] == one)
			draw_relations(&d, rb->procedures[i]);
	}
	return d.picture;
}

/* ---- names and colours -----------------------------------------------------
 */

void
picture_add_name(struct buf *b, const struct picture *p, uint32_t i)
{
	static const char letters[] = "sssqcpp"; /* by shape */

	buf_addf(b, "%c%u", letters[p->nodes[i].shape], p->nodes[i].number);
}

enum {
	STYLE_OF_HAND = EFFECT_LEVELS,
	STYLE_OF_QUESTION,
	STYLE_OF_PROCEDURE
};

static const struct picture_style styles[] = {
	[EFFECT_READS] = { "reads", "#e3f4e3", "#3c763d", false },
	[EFFECT_CHANGES] = { "changes", "#dbe9fb", "#2a5a9a", false },
	[EFFECT_DISRUPTS] = { "disrupts", "#ffe8c2", "#a85d00", false },
	[EFFECT_DESTROYS] = { "destroys", "#fbd3d0", "#a61b12", false },
	[EFFECT_UNKNOWN] = { "unknown", "#eae4f5", "#5b3d99", true },
	[STYLE_OF_HAND] = { "hand", "#ffffff", "#555555", true },
	[STYLE_OF_QUESTION] = { "question", "#fffbd6", "#7a6a00", false },
	[STYLE_OF_PROCEDURE] = { "procedure", "#eeeeee", "#333333", false },
};

const struct picture_style *
picture_styles(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(styles);
	return styles;
}

const struct picture_style *
picture_style(const struct picture_node *node)
{
	switch (node->shape) {
	case PICTURE_STEP:
	case PICTURE_FILE:
		return &styles[node->level];
	case PICTURE_HUMAN:
		return &styles[STYLE_OF_HAND];
	case PICTURE_CONDITION:
	case PICTURE_CHOICE:
		return &styles[STYLE_OF_QUESTION];
	case PICTURE_START:
	case PICTURE_OTHER:
		break;
	}
	return &styles[STYLE_OF_PROCEDURE];
}

const struct graph_format *
graph_format_find(const char *name)
{
	static const struct graph_format formats[] = {
#define GRAPH_FORMAT(format, function) { format, function },
#include "report/graph_formats.def"
#undef GRAPH_FORMAT
	};

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}
