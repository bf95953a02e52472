# SPDX-License-Identifier: MIT
#
# FlickerLabels.cmake - ctest's tests, with their labels; read by ctest whenever it starts.
#
# What labels a test `flaky` is its report of the last time, a file of its own.  Such a test is
# suspect in the next run, too: else it would lose its label by passing once.
#
# Of a report only the verdicts are looked for, as text: in no string of JSON can `"verdict": `
# stand with its quotes bare.

cmake_policy(PUSH)
cmake_policy(VERSION 3.19...3.25)

include("${CMAKE_CURRENT_LIST_DIR}/FlickerNames.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/FlickerDiscover.cmake")

# Did a test of this report flicker?
function(_flicker_was_flaky ret report)
  set(lines)
  if(EXISTS "${report}")
    file(STRINGS "${report}" lines REGEX "^ *\"verdict\": \"flaky\"" LIMIT_COUNT 1)
  endif()
  if(lines)
    set(${ret} TRUE PARENT_SCOPE)
  else()
    set(${ret} FALSE PARENT_SCOPE)
  endif()
endfunction()

# One test of ctest: `options` and `place` are code, `more` are labels.
function(_flicker_ctest name report options place more)
  set(labels ${flicker_labels} ${more})
  _flicker_was_flaky(was_flaky "${report}")
  if(was_flaky)
    list(APPEND labels flaky)
    string(APPEND options " --suspect-from \"\${report}\"")
  endif()
  if("expired" IN_LIST labels)
    list(REMOVE_ITEM labels quarantine)
  elseif(flicker_policy STREQUAL "quarantine" AND (was_flaky OR "suspect" IN_LIST labels))
    list(APPEND labels quarantine)
  endif()
  if(NOT labels STREQUAL "")
    set(place "${place} LABELS \"\${labels}\"")
  endif()
  cmake_language(EVAL CODE "
    add_test(\"\${name}\" ${flicker_run} ${options} --report \"json=\${report}\"
      -- ${flicker_words})
    set_tests_properties(\"\${name}\" PROPERTIES WORKING_DIRECTORY \"\${flicker_directory}\"
      SKIP_RETURN_CODE 77 ${place} ${flicker_properties})")
endfunction()

# A test that was discovered; tests.cmake calls it.  `why` to `is_quarantined`: of what is suspect.
function(flicker_test id file line why until is_quarantined)
  _flicker_file_name(name "${id}")
  set(filter "${id}")
  if(id MATCHES "^-")                   # in a pattern that would mean: all others
    string(REGEX REPLACE "^-" "?" filter "${id}")
  endif()
  set(labels)
  if(NOT why STREQUAL "")
    list(APPEND labels suspect)
  endif()
  if(is_quarantined)
    list(APPEND labels quarantine)
  endif()
  string(TIMESTAMP today "%Y-%m-%d" UTC)
  if(NOT until STREQUAL "" AND until STRLESS today)
    list(APPEND labels expired)
  endif()
  # The one is what ctest itself knows of where a test was added, the other what editors ask for.
  set(place "")
  if(NOT file STREQUAL "")
    _flicker_quote(line_of "${file}:${line}")
    _flicker_quote(triple "${file};${line};flicker_discover_tests")
    set(place "DEF_SOURCE_LINE ${line_of} _BACKTRACE_TRIPLES ${triple}")
  endif()
  _flicker_ctest("${flicker_prefix}${id}${flicker_suffix}" "${flicker_reports}/${name}.json"
    "--filter \"${filter}\"" "${place}" "${labels}")
endfunction()

# Is anything newer than tests.cmake that it was made from?
function(_flicker_is_outdated ret folder)
  set(is_outdated FALSE)
  foreach(file IN LISTS flicker_files ITEMS "${flicker_program}" "${folder}/settings.cmake")
    if("${file}" IS_NEWER_THAN "${folder}/tests.cmake")
      set(is_outdated TRUE)
    endif()
  endforeach()
  set(${ret} ${is_outdated} PARENT_SCOPE)
endfunction()

# The tests of one call of flicker_discover_tests().  A listing that fails leaves no tests.cmake:
# so it is tried again, and fails with the same words until what is wrong is mended.
function(_flicker_discovered folder)
  if(NOT EXISTS "${flicker_program}")
    add_test("${flicker_target}_NOT_BUILT" "${flicker_target}_NOT_BUILT")
    return()
  endif()
  _flicker_is_outdated(is_outdated "${folder}")
  if(is_outdated)
    flicker_discover("${folder}")
  endif()
  include("${folder}/tests.cmake")
endfunction()

function(flicker_tests_of folder is_multi)
  if(is_multi)
    if("${CTEST_CONFIGURATION_TYPE}" STREQUAL "")
      get_filename_component(name "${folder}" NAME)
      add_test("${name}" NOT_AVAILABLE)         # as all tests without `ctest -C`
      return()
    endif()
    string(APPEND folder "/${CTEST_CONFIGURATION_TYPE}")
  endif()
  include("${folder}/settings.cmake")
  file(MAKE_DIRECTORY "${flicker_reports}")
  if(flicker_kind STREQUAL "whole")
    _flicker_ctest("${flicker_name}" "${flicker_reports}/${flicker_report}" "" "" "")
  else()
    _flicker_discovered("${folder}")
  endif()
endfunction()

cmake_policy(POP)
