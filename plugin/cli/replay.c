#include "command.h"
static int r(const struct fl_options *o, char **p){(void)o;(void)p;return 0;}
const struct fl_command fl_cmd_replay = { .name="replay", .usage="", .summary="", .options = FL_FOR_REPLAY, .run = r };
