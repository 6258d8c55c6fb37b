/* Systems and environments by their names. */
#include "graph/variant.h"

#include "base/compiler.h"
#include "graph/sentence.h"

enum {
	LABEL_WORDS_MAX = 3
};

static const struct {
	const char *name;
	enum variant variant;
} names[] = {
	{ "linux", VARIANT_SYSTEM },
	{ "gnu/linux", VARIANT_SYSTEM },
	{ "mac", VARIANT_SYSTEM },
	{ "macos", VARIANT_SYSTEM },
	{ "mac os", VARIANT_SYSTEM },
	{ "os x", VARIANT_SYSTEM },
	{ "osx", VARIANT_SYSTEM },
	{ "windows", VARIANT_SYSTEM },
	{ "wsl", VARIANT_SYSTEM },
	{ "ubuntu", VARIANT_SYSTEM },
	{ "debian", VARIANT_SYSTEM },
	{ "fedora", VARIANT_SYSTEM },
	{ "centos", VARIANT_SYSTEM },
	{ "rhel", VARIANT_SYSTEM },
	{ "red hat", VARIANT_SYSTEM },
	{ "redhat", VARIANT_SYSTEM },
	{ "rocky", VARIANT_SYSTEM },
	{ "alpine", VARIANT_SYSTEM },
	{ "arch", VARIANT_SYSTEM },
	{ "amazon linux", VARIANT_SYSTEM },
	{ "freebsd", VARIANT_SYSTEM },
	{ "openbsd", VARIANT_SYSTEM },
	{ "gentoo", VARIANT_SYSTEM },
	{ "suse", VARIANT_SYSTEM },
	{ "opensuse", VARIANT_SYSTEM },
	{ "homebrew", VARIANT_SYSTEM },
	{ "brew", VARIANT_SYSTEM },
	{ "apt", VARIANT_SYSTEM },
	{ "yum", VARIANT_SYSTEM },
	{ "dnf", VARIANT_SYSTEM },

	{ "development", VARIANT_ENVIRONMENT },
	{ "dev", VARIANT_ENVIRONMENT },
	{ "staging", VARIANT_ENVIRONMENT },
	{ "stage", VARIANT_ENVIRONMENT },
	{ "production", VARIANT_ENVIRONMENT },
	{ "prod", VARIANT_ENVIRONMENT },
	{ "preprod", VARIANT_ENVIRONMENT },
	{ "pre-production", VARIANT_ENVIRONMENT },
	{ "testing", VARIANT_ENVIRONMENT },
	{ "test environment", VARIANT_ENVIRONMENT },
	{ "qa", VARIANT_ENVIRONMENT },
	{ "sandbox", VARIANT_ENVIRONMENT },
	{ "local", VARIANT_ENVIRONMENT },
	{ "locally", VARIANT_ENVIRONMENT },
	{ "remote", VARIANT_ENVIRONMENT },
	{ "remotely", VARIANT_ENVIRONMENT },
	{ "home server", VARIANT_ENVIRONMENT },
};

static unsigned
count_words(struct text t)
{
	unsigned n = 0;

	for (size_t i = 0; i < t.len; i++)
		n += !byte_is_space(t.at[i]) &&
		     (i == 0 || byte_is_space(t.at[i - 1]));
	return n;
}

/* Without "On", "For the" in front, and without a remark, a colon or a full
 * stop behind. */
static struct text
bare(struct text t)
{
	static const char *const heads[] = { "on",    "for",  "in",   "with",
					     "using", "via",  "from", "the",
					     "a",     "if on" };
	bool any = true;

	t = text_trim(t);
	while (t.len && (t.at[t.len - 1] == ':' || t.at[t.len - 1] == '.'))
		t = text_trim(text_sub(t, 0, t.len - 1));
	if (text_ends(t, ")"))
		t = text_trim(text_sub(t, 0, text_chr(t, '(', 0)));
	while (any) {
		any = false;
		for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
			size_t n = text_of(heads[i]).len;

			if (!begins_with_word(t, heads[i]))
				continue;
			t = text_trim(text_sub(t, n, t.len));
			any = true;
		}
	}
	return t;
}

enum variant
label_variant(struct text label)
{
	label = bare(label);
	if (count_words(label) > LABEL_WORDS_MAX)
		return VARIANT_NONE;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (begins_with_word(label, names[i].name))
			return names[i].variant;
	}
	return VARIANT_NONE;
}

bool
label_is_place(struct text label)
{
	static const char *const places[] = { "local", "locally", "remote",
					      "remotely" };

	label = bare(label);
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (begins_with_word(label, places[i]))
			return true;
	}
	return false;
}
