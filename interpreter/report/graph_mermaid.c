/* Pictures for Mermaid, which GitHub and GitLab draw in Markdown. */
#include "report/graph.h"

/* T between the quotes of a label. An entity that is in the text already must
 * not become one, and a label that begins with a backtick would be read as
 * Markdown. */
static void
add_text(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i], next = i + 1 < t.len ? t.at[i + 1] : ' ';

		if (c == '#')
			buf_adds(b, "#35;");
		else if (c == '"')
			buf_adds(b, "#quot;");
		else if (c == '<')
			buf_adds(b, "#lt;");
		else if (c == '\n')
			buf_adds(b, "<br/>");
		else if (c == '\\' && next == 'n') /* else a line break */
			buf_adds(b, "#92;");
		else if (c == '%' && next == '%') /* else a directive */
			buf_adds(b, "#37;");
		else if (c == '&' && byte_is_alnum(next))
			buf_adds(b, "#amp;");
		else if (c == '`' && i == 0)
			buf_adds(b, "#96;");
		else
			buf_addc(b, c);
	}
}

static void
add_node(struct buf *b, const struct picture *p, uint32_t i, unsigned indent)
{
	static const struct {
		const char *open, *close;
	} shapes[] = {
		[PICTURE_STEP] = { "[\"", "\"]" },
		[PICTURE_FILE] = { "[(\"", "\")]" },
		[PICTURE_HUMAN] = { "[/\"", "\"/]" },
		[PICTURE_CONDITION] = { "{\"", "\"}" },
		[PICTURE_CHOICE] = { "{{\"", "\"}}" },
		[PICTURE_START] = { "([\"", "\"])" },
		[PICTURE_OTHER] = { "[[\"", "\"]]" },
	};
	const struct picture_node *node = &p->nodes[i];

	buf_fill(b, ' ', indent);
	picture_add_name(b, p, i);
	buf_adds(b, shapes[node->shape].open);
	add_text(b, node->label);
	buf_addf(b, "%s:::%s\n", shapes[node->shape].close,
		 picture_style(node)->name);
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
		buf_addf(b, "subgraph k%u[\"", i + 1);
		add_text(b, p->clusters[i].label);
		buf_adds(b, "\"]\n");
		add_cluster(b, p, i, indent + 2);
		buf_fill(b, ' ', indent);
		buf_adds(b, "end\n");
	}
}

static void
add_edge(struct buf *b, const struct picture *p, const struct picture_edge *e)
{
	buf_adds(b, "  ");
	picture_add_name(b, p, e->from);
	buf_adds(b, e->dotted ? " -.->" : " -->");
	if (e->label.len) {
		buf_adds(b, "|\"");
		add_text(b, e->label);
		buf_adds(b, "\"|");
	}
	buf_addc(b, ' ');
	picture_add_name(b, p, e->to);
	buf_addc(b, '\n');
}

static bool
is_used(const struct picture *p, const struct picture_style *style)
{
	for (uint32_t i = 0; i < p->n_nodes; i++) {
		if (picture_style(&p->nodes[i]) == style)
			return true;
	}
	return false;
}

static void
add_styles(struct buf *b, const struct picture *p)
{
	size_t n;
	const struct picture_style *styles = picture_styles(&n);

	for (size_t i = 0; i < n; i++) {
		if (!is_used(p, &styles[i]))
			continue;
		buf_addf(b, "  classDef %s fill:%s,stroke:%s,color:#000000%s\n",
			 styles[i].name, styles[i].fill, styles[i].line,
			 styles[i].dashed ? ",stroke-dasharray:5 3" : "");
	}
}

int
picture_mermaid(const struct picture *p, struct buf *b,
		struct buf *reterr UNUSED)
{
	buf_adds(b, "flowchart TD\n");
	add_cluster(b, p, PICTURE_NOWHERE, 2);
	for (uint32_t i = 0; i < p->n_edges; i++)
		add_edge(b, p, &p->edges[i]);
	add_styles(b, p);
	return 0;
}
