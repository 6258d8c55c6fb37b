/* Exit statuses of the program by name; in the lowest layer because a run's
 * end, its events and the command line all speak of them. */
#ifndef BASE_EXIT_H
#define BASE_EXIT_H

enum exit_status {
#define STATUS(symbol, number, help) EXIT_STATUS_##symbol = (number),
#include "base/exit.def"
#undef STATUS
};

#endif
