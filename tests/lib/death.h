/* Functions that must not return. */
#ifndef LIB_DEATH_H
#define LIB_DEATH_H

/* Call FN in a child: it must abort, with MESSAGE in what it prints. */
void assert_aborts(void (*fn)(void), const char *message);

/* The same for exit(STATUS). */
void assert_exits(void (*fn)(void), int status, const char *message);

#endif
