# SPDX-License-Identifier: MIT
#
# FlickerNames.cmake - any text as CMake code, and as the name of a file.

cmake_policy(PUSH)
cmake_policy(VERSION 3.13...3.25)

# `text` as CMake code.
function(_flicker_quote ret text)
  set(level "==")
  string(FIND "${text}]" "]${level}]" at)
  while(at GREATER -1)
    string(APPEND level "=")
    string(FIND "${text}]" "]${level}]" at)
  endwhile()
  if(text MATCHES "^\n")                # the first one is not part of the argument
    string(PREPEND text "\n")
  endif()
  set(${ret} "[${level}[${text}]${level}]" PARENT_SCOPE)
endfunction()

# `name` as that of a file: what is not plain, or too long, is told apart by a hash.
function(_flicker_file_name ret name)
  string(REGEX REPLACE "[^A-Za-z0-9_.#%+-]" "_" plain "${name}")
  string(SUBSTRING "${plain}" 0 150 plain)
  if(NOT plain STREQUAL name)
    string(SHA1 hash "${name}")
    string(SUBSTRING "${hash}" 0 8 hash)
    string(APPEND plain "~${hash}")
  endif()
  set(${ret} "${plain}" PARENT_SCOPE)
endfunction()

cmake_policy(POP)
