dnl SPDX-License-Identifier: MIT
dnl
dnl flicker.m4 - flicker for tests that are started by automake's "make check".
dnl
dnl FLICKER_TESTS adds the option --with-flicker[=COMMAND] to configure, and substitutes
dnl
dnl   FLICKER                the command, or empty
dnl   FLICKER_LOG_COMPILER   "COMMAND run --", or empty: for LOG_COMPILER, TAP_LOG_COMPILER, ...
dnl
dnl and the automake conditional WITH_FLICKER.  Without the option both are empty, and the
dnl tests run as ever.  Asked for and not found is an error.
AC_DEFUN([FLICKER_TESTS], [
	AC_ARG_WITH([flicker],
		[AS_HELP_STRING([--with-flicker@<:@=COMMAND@:>@],
			[run tests under flicker, which re-executes what fails])],
		[], [with_flicker=no])
	AC_ARG_VAR([FLICKER], [the flicker command])
	AS_IF([test "x$with_flicker" = xyes], [with_flicker=flicker])
	FLICKER_LOG_COMPILER=
	AS_IF([test "x$with_flicker" != xno], [
		AC_PATH_PROG([FLICKER], [$with_flicker])
		AS_IF([test -z "$FLICKER"],
			[AC_MSG_ERROR([--with-flicker: there is no command '$with_flicker'])])
		FLICKER_LOG_COMPILER="$FLICKER run --"
	])
	AC_SUBST([FLICKER_LOG_COMPILER])
	AM_CONDITIONAL([WITH_FLICKER], [test "x$with_flicker" != xno])
])
