/* The test binary in another mode: a program whose behaviour is known exactly,
 * for tests that need a process. */
#ifndef LIB_CHILD_H
#define LIB_CHILD_H

/* To be called first in main(). When argv[1] is "child:MODE …", behave so and
 * do not return:
 *
 *   child:hang                  wait for ever
 *   child:deaf                  likewise, ignoring INT, TERM and HUP
 *   child:say TEXT              print TEXT, then wait for ever
 *   child:polite                print "ready", exit with 0 on INT
 *   child:flood BYTES           print BYTES bytes "x", in lines of 64
 *   child:line BYTES            print one line of BYTES "x"
 *   child:bytes                 print every byte once
 *   child:fds                   print the numbers of all open descriptors
 *   child:write FD TEXT         write TEXT to FD; exit 1 if it cannot
 *   child:kill-parent SIGNAL    send SIGNAL to the parent process
 *   child:tty PROMPT            ask for a line without echo on /dev/tty and
 *                               print it; exit 9 when there is no /dev/tty
 *   child:size                  print the size of the terminal at once and on
 *                               each change, exit after "q"
 *   child:connect HOST PORT     join stdin and stdout to a TCP connection
 *   child:babble                print lines without end
 *   child:daemon                leave a process of its own session behind
 */
void child_main(int argc, char **argv);

/* The path of the running test. */
const char *child_path(void);

#endif
