/* Runbooks as understood: for people and for machines. */
#ifndef REPORT_SHOW_H
#define REPORT_SHOW_H

#include "base/json.h"
#include "graph/runbook.h"
#include "report/style.h"

/* One line per procedure: steps, hosts, worst effect. */
void show_list(struct buf *b, const struct runbook *rb,
	       const struct style *style);

/* P at a glance: its steps with effect and host, the questions on the way. */
void show_outline(struct buf *b, const struct procedure *p, bool utf8,
		  const struct style *style);

/* All procedures, or only ONE when it is not NULL; with the reason of every
 * inference when WHY. */
void show_text(struct buf *b, const struct runbook *rb,
	       const struct procedure *one, bool why,
	       const struct style *style);

/* As schema/graph.schema.json describes it. The caller frees. */
struct jval *show_json(const struct runbook *rb, const struct procedure *one,
		       bool why);

/* {id, title, path}, for every document that speaks of a runbook. */
struct jval *show_json_runbook(const struct runbook *rb);

/* The wants of S, an object for each. */
struct jval *show_json_wants(const struct step *s);

/* Into O the innermost choice that a step in BRANCH (or NULL: in none) belongs
 * to, and which of its branches that is. */
void show_json_branch(struct jval *o, const struct branch *branch);

/* T; null when it is empty. */
struct jval *show_json_text(struct text t);

/* "hemma, local": the hosts of P's steps, each once. */
void show_hosts(struct buf *b, const struct procedure *p);

#endif
