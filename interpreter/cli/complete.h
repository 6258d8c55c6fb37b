/* What may stand where the cursor is on a shell's command line. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/cmd.h"

/* runbook __complete CWORD -- WORD…: for the scripts that `runbook completion`
 * prints. WORD 0 is the program, CWORD the index of the word in which the
 * cursor stands. Prints a candidate a line, with a tab and a description where
 * there is one, and last what the shell is to do besides: ":files", ":nospace"
 * or ":none". Nothing is executed and no connection made. */
enum exit_status complete_words(struct cli *cli, int argc, char **argv);

#endif
