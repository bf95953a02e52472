# SPDX-License-Identifier: MIT
#
# FlickerDiscover.cmake - which tests a program has: from settings.cmake to tests.cmake.
#
# Run behind the build of the program (cmake -D FLICKER_FOLDER=... -P this), or by ctest when it
# starts.  tests.cmake is nothing but calls of flicker_test(), which is in FlickerLabels.cmake.

if(CMAKE_SCRIPT_MODE_FILE)
  cmake_minimum_required(VERSION 3.19...3.25)
endif()
cmake_policy(PUSH)
cmake_policy(VERSION 3.19...3.25)

include("${CMAKE_CURRENT_LIST_DIR}/FlickerNames.cmake")

# Stops, with what flicker said in lines of their own.
function(_flicker_give_up why said)
  string(STRIP "${said}" said)
  string(REPLACE "\n" "\n  " said "${said}")
  message(FATAL_ERROR "flicker: cannot list the tests of '${flicker_target}': ${why}\n  ${said}")
endfunction()

# Asks `flicker list` with these options, as code: `listing`, `said` and `status`.
macro(_flicker_ask options)
  cmake_language(EVAL CODE "execute_process(
    COMMAND ${flicker_command} list --json ${options} -- ${flicker_words}
    WORKING_DIRECTORY \"\${flicker_directory}\" TIMEOUT \"\${flicker_timeout}\"
    OUTPUT_VARIABLE listing ERROR_VARIABLE said RESULT_VARIABLE status)")
endmacro()

# Is it only FILTER that leaves no test of those that there are?
function(_flicker_selects_none ret status)
  set(is_none FALSE)
  if(status STREQUAL "64" AND NOT flicker_filter STREQUAL "")
    _flicker_ask("${flicker_listing}")
    if(status STREQUAL "0")
      set(is_none TRUE)
    endif()
  endif()
  set(${ret} ${is_none} PARENT_SCOPE)
endfunction()

# The JSON of `flicker list`; empty where FILTER leaves none.
function(_flicker_list ret)
  set(options "${flicker_listing}")
  if(NOT flicker_filter STREQUAL "")
    string(APPEND options " --filter \"\${flicker_filter}\"")
  endif()
  _flicker_ask("${options}")
  _flicker_selects_none(is_none "${status}")
  if(is_none)
    message(STATUS
      "flicker: FILTER '${flicker_filter}' selects none of the tests of '${flicker_target}'")
    set(${ret} "" PARENT_SCOPE)
    return()
  endif()
  if(status MATCHES "timeout")
    _flicker_give_up("it took more than ${flicker_timeout} seconds (DISCOVERY_TIMEOUT)" "${said}")
  elseif(NOT status STREQUAL "0")
    _flicker_give_up("exit status ${status}" "${said}")
  endif()
  string(JSON framework GET "${listing}" framework)
  if(framework STREQUAL "process" OR framework STREQUAL "")
    _flicker_give_up("flicker knows no framework in it"
      "it ended before its tests, or is a test as a whole: flicker_add_test() runs such\n${said}")
  endif()
  if(NOT said STREQUAL "")
    message("${said}")
  endif()
  set(${ret} "${listing}" PARENT_SCOPE)
endfunction()

# Where compilers were given relative paths, the build folder is what they are relative to.
function(_flicker_place ret file)
  if(NOT file STREQUAL "" AND NOT IS_ABSOLUTE "${file}")
    get_filename_component(file "${file}" ABSOLUTE BASE_DIR "${flicker_build}")
  endif()
  set(${ret} "${file}" PARENT_SCOPE)
endfunction()

# The call for one line of the listing; its id.
function(_flicker_call ret_code ret_id json)
  foreach(key IN ITEMS id file line suspect)
    string(JSON ${key} GET "${json}" ${key})
  endforeach()
  _flicker_place(file "${file}")
  set(until "")
  set(why "")
  set(is_quarantined OFF)
  if(suspect)
    string(JSON why GET "${suspect}" why)
    string(JSON until GET "${suspect}" until)
    string(JSON is_quarantined GET "${suspect}" quarantined)
  endif()
  _flicker_quote(quoted "${file}")
  set(words "[==[${id}]==] ${quoted} \"${line}\" \"${why}\" \"${until}\" ${is_quarantined}")
  set(${ret_code} "flicker_test(${words})\n" PARENT_SCOPE)
  set(${ret_id} "${id}" PARENT_SCOPE)
endfunction()

# Reports of tests that are gone would go on saying that they flicker.
function(_flicker_forget_others names)
  file(GLOB reports RELATIVE "${flicker_reports}" "${flicker_reports}/*.json")
  foreach(report IN LISTS reports)
    if(NOT report IN_LIST names)
      file(REMOVE "${flicker_reports}/${report}")
    endif()
  endforeach()
endfunction()

function(flicker_discover folder)
  include("${folder}/settings.cmake")
  file(REMOVE "${folder}/tests.cmake")
  _flicker_list(listing)
  # A line, a test.  In strings of JSON these may be written so, and then the lines are a list.
  string(REPLACE "[" "\\u005b" listing "${listing}")
  string(REPLACE "]" "\\u005d" listing "${listing}")
  string(REPLACE ";" "\\u003b" listing "${listing}")
  string(REGEX MATCHALL "{\"id\":[^\n]+}" lines "${listing}")
  set(code "")
  set(names)
  foreach(line IN LISTS lines)
    _flicker_call(call id "${line}")
    string(APPEND code "${call}")
    _flicker_file_name(name "${id}")
    list(APPEND names "${name}.json")
  endforeach()
  _flicker_forget_others("${names}")
  file(WRITE "${folder}/tests.cmake" "${code}")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  flicker_discover("${FLICKER_FOLDER}")
endif()

cmake_policy(POP)
