/* Where the documents and tables of the tests are. */
#include <unistd.h>

#include "lib/unit.h"

char *
test_data(const char *name)
{
	const char *folder = getenv("TEST_DATA");
	struct buf path = BUF_INIT;

	if (!folder)
		folder = "../shared/data";
	buf_addf(&path, "%s/%s", folder, name);
	if (access(path.bytes, R_OK) == 0)
		return buf_detach(&path, NULL);
	print_message("[  SKIPPED ] no test data '%s'\n", path.bytes);
	buf_release(&path);
	return NULL;
}
