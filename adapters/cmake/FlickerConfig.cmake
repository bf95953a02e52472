# SPDX-License-Identifier: MIT
#
# FlickerConfig.cmake - find_package(Flicker): where flicker is, for CMake and ctest.
#
#   Flicker_PLUGIN    libflicker.so, to be put into LD_PRELOAD
#   Flicker_COMMAND   the flicker command
#   Flicker::headers  target to link to for <flicker/flicker.h>; there is no library
#   Flicker::plugin   target to link a test program to, which then knows --plugin=PATH;
#                     Flicker::plugin_static is the same without a library at run time
#   Flicker::exec     target to link to for <flicker/exec.h>; Flicker::exec_static is the same
#                     without a library at run time
#   flicker_discover_tests(), flicker_add_test()
#                     tests of ctest that flicker runs: FlickerTests.cmake
#
# Relative to this file, so that an installed tree may be moved.  In flicker's own
# source tree (-DFlicker_DIR=.../adapters/cmake) the default build folder is used.

get_filename_component(_flicker_up2 "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
get_filename_component(_flicker_up3 "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
get_filename_component(_flicker_up4 "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)   # lib/x86_64-linux-gnu

find_file(Flicker_PLUGIN libflicker.so
  PATHS "${_flicker_up2}/flicker" "${_flicker_up2}/build" NO_DEFAULT_PATH
  DOC "flicker's library, for LD_PRELOAD")
find_program(Flicker_COMMAND flicker
  PATHS "${_flicker_up3}/bin" "${_flicker_up4}/bin" "${_flicker_up2}/build" NO_DEFAULT_PATH
  DOC "the flicker command")
find_path(Flicker_INCLUDE_DIR flicker/flicker.h
  PATHS "${_flicker_up3}/include" "${_flicker_up4}/include" "${_flicker_up2}/include" NO_DEFAULT_PATH
  DOC "the folder that holds flicker/flicker.h")
mark_as_advanced(Flicker_PLUGIN Flicker_COMMAND Flicker_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Flicker
  REQUIRED_VARS Flicker_PLUGIN Flicker_COMMAND Flicker_INCLUDE_DIR
  VERSION_VAR Flicker_VERSION)

if(Flicker_FOUND AND NOT TARGET Flicker::headers)
  add_library(Flicker::headers INTERFACE IMPORTED)
  set_target_properties(Flicker::headers PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${Flicker_INCLUDE_DIR}")
endif()

find_file(Flicker_FLAG_LIBRARY libflicker-plugin.so
  PATHS "${_flicker_up2}" "${_flicker_up2}/build" NO_DEFAULT_PATH
  DOC "the library that knows --plugin=PATH")
find_file(Flicker_FLAG_ARCHIVE libflicker-plugin.a
  PATHS "${_flicker_up2}" "${_flicker_up2}/build" NO_DEFAULT_PATH
  DOC "the same, to be linked statically")
mark_as_advanced(Flicker_FLAG_LIBRARY Flicker_FLAG_ARCHIVE)

# Nothing refers to it: a linker that drops what is not needed is told to keep it.
if(Flicker_FOUND AND Flicker_FLAG_LIBRARY AND NOT TARGET Flicker::plugin)
  get_filename_component(_flicker_folder "${Flicker_FLAG_LIBRARY}" DIRECTORY)
  add_library(Flicker::plugin INTERFACE IMPORTED)
  set_target_properties(Flicker::plugin PROPERTIES INTERFACE_LINK_LIBRARIES
    "-Wl,--push-state,--no-as-needed,${Flicker_FLAG_LIBRARY},--pop-state,-rpath,${_flicker_folder}")
  unset(_flicker_folder)
endif()
if(Flicker_FOUND AND Flicker_FLAG_ARCHIVE AND NOT TARGET Flicker::plugin_static)
  add_library(Flicker::plugin_static INTERFACE IMPORTED)
  set_target_properties(Flicker::plugin_static PROPERTIES INTERFACE_LINK_LIBRARIES
    "-Wl,-u,flicker_plugin_linked;${Flicker_FLAG_ARCHIVE}")
endif()

find_library(Flicker_EXEC_LIBRARY NAMES libflicker-exec.so
  PATHS "${_flicker_up2}" "${_flicker_up2}/build" NO_DEFAULT_PATH
  DOC "the library of flicker/exec.h")
find_library(Flicker_EXEC_ARCHIVE NAMES libflicker-exec.a
  PATHS "${_flicker_up2}" "${_flicker_up2}/build" NO_DEFAULT_PATH
  DOC "the same, to be linked statically")
mark_as_advanced(Flicker_EXEC_LIBRARY Flicker_EXEC_ARCHIVE)

if(Flicker_FOUND AND Flicker_EXEC_LIBRARY AND NOT TARGET Flicker::exec)
  add_library(Flicker::exec SHARED IMPORTED)
  set_target_properties(Flicker::exec PROPERTIES
    IMPORTED_LOCATION "${Flicker_EXEC_LIBRARY}" IMPORTED_SONAME libflicker-exec.so.0
    INTERFACE_INCLUDE_DIRECTORIES "${Flicker_INCLUDE_DIR}")
endif()
if(Flicker_FOUND AND Flicker_EXEC_ARCHIVE AND NOT TARGET Flicker::exec_static)
  add_library(Flicker::exec_static STATIC IMPORTED)
  set_target_properties(Flicker::exec_static PROPERTIES
    IMPORTED_LOCATION "${Flicker_EXEC_ARCHIVE}"
    INTERFACE_INCLUDE_DIRECTORIES "${Flicker_INCLUDE_DIR}")
endif()

unset(_flicker_up2)
unset(_flicker_up3)
unset(_flicker_up4)

if(Flicker_FOUND)
  include("${CMAKE_CURRENT_LIST_DIR}/FlickerTests.cmake")
endif()
