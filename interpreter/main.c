/* From argv to the program, or to the ssh that a step's shell calls. */
#include <string.h>

#include "cli/cmd.h"
#include "exec/shim.h"

int
main(int argc, char **argv)
{
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "";

	if (shim_is_name(name))
		return shim_main(name, argc, argv);
	return cli_main(argc, argv);
}
