/* Pictures for Graphviz. */
#include "report/graph.h"

/* True when "&" at AT begins what dot would read as a character of HTML. */
static bool
begins_entity(struct text t, size_t at)
{
	size_t end = at + 1;

	while (end < t.len && (byte_is_alnum(t.at[end]) || t.at[end] == '#'))
		end++;
	return end > at + 1 && end < t.len && t.at[end] == ';';
}

/* T as a quoted string. */
static void
add_quoted(struct buf *b, struct text t)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];

		if (c == '"' || c == '\\')
			buf_addf(b, "\\%c", c);
		else if (c == '\n')
			buf_adds(b, "\\n");
		else if (c == '&' && begins_entity(t, i))
			buf_adds(b, "&amp;");
		else
			buf_addc(b, c);
	}
	buf_addc(b, '"');
}

static void
add_name(struct buf *b, const struct picture *p, uint32_t i)
{
	buf_addc(b, '"');
	picture_add_name(b, p, i);
	buf_addc(b, '"');
}

static void
add_node(struct buf *b, const struct picture *p, uint32_t i, unsigned indent)
{
	static const char *const shapes[] = {
		[PICTURE_STEP] = "box",
		[PICTURE_FILE] = "note",
		[PICTURE_HUMAN] = "parallelogram",
		[PICTURE_CONDITION] = "diamond",
		[PICTURE_CHOICE] = "hexagon",
		[PICTURE_START] = "oval",
		[PICTURE_OTHER] = "component",
	};
	const struct picture_node *node = &p->nodes[i];
	const struct picture_style *style = picture_style(node);

	buf_fill(b, ' ', indent);
	add_name(b, p, i);
	buf_adds(b, " [label=");
	add_quoted(b, node->label);
	buf_addf(b,
		 ", shape=\"%s\", style=\"filled%s\", fillcolor=\"%s\", "
		 "color=\"%s\"];\n",
		 shapes[node->shape], style->dashed ? ",dashed" : "",
		 style->fill, style->line);
}

/* What is in CLUSTER, or in none. */
static void
add_cluster(struct buf *b, const struct picture *p, uint32_t cluster,
	    unsigned indent)
{
	for (uint32_t i = 0; i < p->n_nodes; i++) {
		if (p->nodes[i].cluster == cluster)
			add_node(b, p, i, indent);
	}
	for (uint32_t i = 0; i < p->n_clusters; i++) {
		if (p->clusters[i].outer != cluster)
			continue;
		buf_fill(b, ' ', indent);
		/* dot frames what is called so. */
		buf_addf(b, "subgraph \"cluster_%u\" {\n", i + 1);
		buf_fill(b, ' ', indent + 2);
		buf_adds(b, "label=");
		add_quoted(b, p->clusters[i].label);
		buf_adds(b, ";\n");
		add_cluster(b, p, i, indent + 2);
		buf_fill(b, ' ', indent);
		buf_adds(b, "}\n");
	}
}

static void
add_edge(struct buf *b, const struct picture *p, const struct picture_edge *e)
{
	const char *glue = "";

	buf_adds(b, "  ");
	add_name(b, p, e->from);
	buf_adds(b, " -> ");
	add_name(b, p, e->to);
	if (e->label.len || e->dotted)
		buf_adds(b, " [");
	if (e->label.len) {
		buf_adds(b, "label=");
		add_quoted(b, e->label);
		glue = ", ";
	}
	if (e->dotted)
		buf_addf(b, "%sstyle=\"dotted\"", glue);
	buf_adds(b, e->label.len || e->dotted ? "];\n" : ";\n");
}

int
picture_dot(const struct picture *p, struct buf *b, struct buf *reterr UNUSED)
{
	buf_adds(b, "digraph ");
	add_quoted(b, p->title);
	buf_adds(b, " {\n"
		    "  graph [fontname=\"sans-serif\", labeljust=\"l\", "
		    "style=\"rounded\", "
		    "color=\"#888888\"];\n"
		    "  node [fontname=\"sans-serif\"];\n"
		    "  edge [fontname=\"sans-serif\"];\n");
	add_cluster(b, p, PICTURE_NOWHERE, 2);
	for (uint32_t i = 0; i < p->n_edges; i++)
		add_edge(b, p, &p->edges[i]);
	buf_adds(b, "}\n");
	return 0;
}
