/* SPDX-License-Identifier: MIT */
/*
 * token.c - writes and reads tokens.
 *
 * Reading is strict: what formatting would not write is refused, so that one attempt
 * has one token.  The fields are looked at first, the checksum last: a fault that can
 * be named is worth more than a sum that is wrong.
 */
#include "token.h"

#include <flicker/id.h>
#include <flicker/seed.h>

#include <errno.h>

enum { FIELDS = 8, BINARY_DIGITS = 12, SUM_DIGITS = 6 };

static const char version[] = "fl1";
static const char digits[] = "0123456789abcdef";

static const char *const field_names[FIELDS] = {
	"version", "test", "seed", "attempt", "perturbations", "mode", "binary", "checksum",
};

static unsigned sum_of(const char *text)
{
	return (unsigned)(fl_seed_mix(fl_seed_hash(text)) & 0xffffff);
}

/* ---- formatting ---- */

/* An id comes from the program: whatever it holds, the token stays one word of eight fields. */
static char *escaped_id(const char *id)
{
	char *text = fl_base_alloc(strlen(id) * 3 + 1, 1), *to = text;

	for (; *id; id++)
		if ((fl_id_is_plain((unsigned char)*id) && *id != '#') || *id == '%')
			*to++ = *id;
		else
			to += sprintf(to, "%%%02X", (unsigned char)*id);
	return text;
}

static char *perturbation_words(uint32_t mask)
{
	char *text = NULL;
	int i;

	for (i = 0; i < FL_PERTURB_COUNT; i++)
		if (mask & (UINT32_C(1) << i)) {
			char *longer = fl_base_format("%s%s%s", text ? text : "", text ? "+" : "",
						      fl_perturbation_name((enum fl_perturbation)i));

			free(text);
			text = longer;
		}
	return text ? text : fl_base_copy("none");
}

static int binary_length(const char *binary)
{
	return BINARY_DIGITS + (binary[0] == 'h');
}

char *fl_token_format(const struct fl_token *token)
{
	autofree char *id = escaped_id(token->id);
	autofree char *words = perturbation_words(token->perturbations);
	const char *binary = token->binary ? token->binary : "-";
	autofree char *text = fl_base_format("%s,%s,0x%llx,%llu,%s,%s%s%s,%.*s", version, id,
		(unsigned long long)token->seed, (unsigned long long)token->attempt, words,
		fl_mode_name(token->mode), token->has_prefix ? "+prefix" : "",
		token->leaves_unseeded ? "+unseeded" : "", binary_length(binary), binary);

	return fl_base_format("%s,%06x", text, sum_of(text));
}

/* ---- parsing: each field gives 0 or -EINVAL ---- */

static bool is_hex(const char *text)
{
	return *text && strspn(text, digits) == strlen(text);
}

static int parse_id(const char *text, struct fl_token *token)
{
	const char *from;
	char *to;

	if (!*text)
		return -EINVAL;
	for (from = text; *from; from++)
		if (*from != '%' && (*from == '#' || !fl_id_is_plain((unsigned char)*from)))
			return -EINVAL;
	token->id = to = fl_base_copy(text);
	for (from = text; *from; from++) {
		bool is_hash = strncmp(from, "%23", 3) == 0;

		*to++ = (char)(is_hash ? '#' : *from);
		from += is_hash ? 2 : 0;
	}
	*to = '\0';
	return 0;
}

static int parse_seed(const char *text, struct fl_token *token)
{
	if (strncmp(text, "0x", 2) != 0 || !is_hex(text + 2) || strlen(text) > 18 ||
	    (text[2] == '0' && text[3]))
		return -EINVAL;
	token->seed = strtoull(text, NULL, 16);
	return 0;
}

static int parse_attempt(const char *text, struct fl_token *token)
{
	if (*text < '1' || *text > '9' || strspn(text, "0123456789") != strlen(text))
		return -EINVAL;
	errno = 0;
	token->attempt = strtoull(text, NULL, 10);
	return errno ? -EINVAL : 0;
}

static int parse_perturbations(const char *text, struct fl_token *token)
{
	int last = -1;

	if (strcmp(text, "none") == 0)
		return 0;
	for (;; text++) {
		size_t length = strcspn(text, "+");
		autofree char *name = fl_base_copy_n(text, length);
		int one = fl_perturbation_parse(name);

		if (one <= last)
			return -EINVAL;
		last = one;
		token->perturbations |= UINT32_C(1) << one;
		text += length;
		if (!*text)
			return 0;
	}
}

/* Steps over `word` if the text goes on with it. */
static bool skip_word(const char **text, const char *word)
{
	size_t length = strlen(word);
	bool is_there = strncmp(*text, word, length) == 0;

	*text += is_there ? length : 0;
	return is_there;
}

static int parse_mode(const char *text, struct fl_token *token)
{
	token->mode = FL_MODE_FORK;
	if (!skip_word(&text, "fork")) {
		token->mode = FL_MODE_EXEC;
		if (!skip_word(&text, "exec"))
			return -EINVAL;
	}
	token->has_prefix = skip_word(&text, "+prefix");
	token->leaves_unseeded = skip_word(&text, "+unseeded");
	return *text ? -EINVAL : 0;
}

static int parse_binary(const char *text, struct fl_token *token)
{
	if (strcmp(text, "-") == 0)
		return 0;
	if (!is_hex(text + (*text == 'h')) || (int)strlen(text) > binary_length(text))
		return -EINVAL;
	token->binary = fl_base_copy(text);
	return 0;
}

static int parse_sum(const char *text, struct fl_token *token)
{
	(void)token;
	return is_hex(text) && strlen(text) == SUM_DIGITS ? 0 : -EINVAL;
}

/* In the order of the fields, after the version. */
static int (*const parsers[FIELDS])(const char *text, struct fl_token *token) = {
	NULL, parse_id, parse_seed, parse_attempt, parse_perturbations, parse_mode, parse_binary,
	parse_sum,
};

bool fl_token_is_one(const char *text)
{
	return strncmp(text, "fl", 2) == 0 && text[2] >= '0' && text[2] <= '9' &&
	       text[2 + strspn(text + 2, "0123456789")] == ',';
}

/* Cuts `text` at its commas; how many pieces there are, as far as `fields` has room and one more. */
static size_t split(char *text, char *fields[FIELDS])
{
	size_t count = 0;
	char *comma;

	for (;; text = comma + 1) {
		if (count < FIELDS)
			fields[count] = text;
		comma = strchr(text, ',');
		if (++count > FIELDS || !comma)
			return count;
		*comma = '\0';
	}
}

static int check_shape(const char *text, char *const fields[FIELDS], size_t count,
		       struct fl_error *error)
{
	if (!fl_token_is_one(text))
		return fl_error_set(error, -EINVAL, "'%.80s' is no token: it does not begin with '%s,'",
				    text, version);
	if (strcmp(fields[0], version) != 0)
		return fl_error_set(error, -ENOTSUP, "the token is of version '%.20s', this flicker "
				    "knows '%s'; take a newer flicker", fields[0], version);
	if (count < FIELDS)
		return fl_error_set(error, -EINVAL, "the token is cut off: its field '%s' and what "
				    "follows is missing", field_names[count]);
	if (count > FIELDS)
		return fl_error_set(error, -EINVAL, "the token goes on after its field '%s'",
				    field_names[FIELDS - 1]);
	return 0;
}

static int parse_fields(char *const fields[FIELDS], struct fl_token *token, struct fl_error *error)
{
	size_t i;

	for (i = 1; i < FIELDS; i++)
		if (parsers[i](fields[i], token) < 0)
			return fl_error_set(error, -EINVAL, "the token's field '%s' is malformed: "
					    "'%.60s'; it was mistyped or cut off", field_names[i], fields[i]);
	return 0;
}

static int check_sum(const char *text, const char *sum, struct fl_error *error)
{
	autofree char *summed = fl_base_copy_n(text, (size_t)(strrchr(text, ',') - text));

	if (!sum || sum_of(summed) != strtoul(sum, NULL, 16))
		return fl_error_set(error, -EINVAL, "the token's checksum is wrong: a character was "
				    "mistyped or lost");
	return 0;
}

int fl_token_parse(const char *text, struct fl_token *ret_token, struct fl_error *error)
{
	autofree char *copy = fl_base_copy(text);
	char *fields[FIELDS] = { NULL };
	struct fl_token token = { 0 };
	int r;

	if (!copy)
		return fl_error_set(error, -EINVAL, "there is no token");
	r = check_shape(text, fields, split(copy, fields), error);
	if (r >= 0)
		r = parse_fields(fields, &token, error);
	if (r >= 0)
		r = check_sum(text, fields[FIELDS - 1], error);
	if (r < 0) {
		fl_token_clear(&token);
		return r;
	}
	*ret_token = token;
	return 0;
}

bool fl_token_fits(const struct fl_token *token, const char *build_id)
{
	return token->binary && build_id &&
	       strncmp(token->binary, build_id, strlen(token->binary)) == 0;
}

void fl_token_clear(struct fl_token *token)
{
	free(token->id);
	free(token->binary);
	*token = (struct fl_token){ 0 };
}
