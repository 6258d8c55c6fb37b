/* Where a document says what to do when a procedure has failed. */
#ifndef GRAPH_RESCUE_H
#define GRAPH_RESCUE_H

#include "graph/runbook.h"

/* The procedures that are called "Rollback", "If it fails", "Troubleshooting"
 * and the like and stand below P or beside it, under the same heading: at most
 * MAX of them into RET, in document order; returns how many. That P is one
 * itself says nothing: there are none for it then. What is annotated
 * (on_failure, rollback) is not looked at. */
uint32_t rescue_find(const struct procedure *p, struct procedure **ret,
		     uint32_t max);

#endif
